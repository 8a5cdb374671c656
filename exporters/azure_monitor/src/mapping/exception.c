/* A record with an exception: its type, its message, its stack, and what makes it the same problem as another. */
#include "exception.h"

#include "innermost.h"
#include "kind.h"
#include <string.h>

/* The service wants a type and a message that are not empty. */
static void fill_type(otel__azure_item *item)
{
    otel__azure_take_field(item, OTEL__AZURE_TYPE_FIELD, OTEL__AZURE_EXCEPTION_TYPE, OTEL__AZURE_NAME_UNITS);
    if (!item->fields[OTEL__AZURE_TYPE_FIELD].size)
        otel__azure_set_field(item, OTEL__AZURE_TYPE_FIELD, "exception.type", otel__azure_literal("Exception"));
}

static void fill_message(otel__azure_item *item)
{
    otel__azure_text text = item->fields[OTEL__AZURE_TYPE_FIELD];
    otel__azure_take_field(item, OTEL__AZURE_MESSAGE_FIELD, OTEL__AZURE_EXCEPTION_MESSAGE, OTEL__AZURE_MESSAGE_UNITS);
    if (item->fields[OTEL__AZURE_MESSAGE_FIELD].size) return;
    if (!otel__azure_value_empty(&item->record->body))
        text = otel__azure_value_text(item->memory, &item->record->body, OTEL__AZURE_MESSAGE_UNITS);
    otel__azure_set_field(item, OTEL__AZURE_MESSAGE_FIELD, "message", text);
}

static void fill_stack(otel__azure_item *item)
{
    otel__azure_take_field(item, OTEL__AZURE_STACK_FIELD, OTEL__AZURE_EXCEPTION_STACK, OTEL__AZURE_MESSAGE_UNITS);
    if (!item->fields[OTEL__AZURE_STACK_FIELD].size) item->fields[OTEL__AZURE_STACK_FIELD].data = NULL;
}

/* "type at function", or the type: messages hold what differs from time to time. */
static void fill_problem(otel__azure_item *item)
{
    static const char between[] = " at ";
    const otel__azure_text *type = &item->fields[OTEL__AZURE_TYPE_FIELD],
                           *stack = &item->fields[OTEL__AZURE_STACK_FIELD];
    otel_str function = stack->data ? otel__azure_innermost(stack->data, stack->size) : (otel_str){NULL, 0};
    item->problem = *type;
    item->problem.characters = 0;
    if (!function.size || type->zeros) return;
    size_t size = type->size + sizeof between - 1 + function.size;
    char *text = otel__azure_take(item->memory, size);
    if (!text) return;
    memcpy(text, type->data, type->size);
    memcpy(text + type->size, between, sizeof between - 1);
    memcpy(text + size - function.size, function.data, function.size);
    item->problem = otel__azure_string_text(item->memory, text, size, OTEL__AZURE_NAME_UNITS);
}

void otel__azure_make_exception(otel__azure_item *item)
{
    item->kind = OTEL_AZURE_MONITOR_EXCEPTION;
    fill_type(item);
    fill_message(item);
    fill_stack(item);
    fill_problem(item);
}
