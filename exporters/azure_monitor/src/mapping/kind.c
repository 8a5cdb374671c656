/* Which kind of item a record is, and the fields that the kind has. */
#include "kind.h"

#include "availability.h"
#include "exception.h"

static void make_event(otel__azure_item *item)
{
    item->kind = OTEL_AZURE_MONITOR_EVENT;
    otel__azure_take_field(item, OTEL__AZURE_NAME_FIELD, OTEL__AZURE_EVENT_NAME, OTEL__AZURE_EVENT_UNITS);
}

/* The service wants a message that is not empty. */
static void make_message(otel__azure_item *item)
{
    const otel_log_record *record = item->record;
    otel__azure_text text = otel__azure_literal("n/a");
    item->kind = OTEL_AZURE_MONITOR_MESSAGE;
    if (!otel__azure_value_empty(&record->body))
        text = otel__azure_value_text(item->memory, &record->body, OTEL__AZURE_MESSAGE_UNITS);
    else if (record->event_name.size)
        text = otel__azure_string_text(item->memory, record->event_name.data, record->event_name.size,
                                       OTEL__AZURE_MESSAGE_UNITS);
    otel__azure_set_field(item, OTEL__AZURE_MESSAGE_FIELD, "message", text);
}

void otel__azure_choose_kind(otel__azure_item *item)
{
    if (otel__azure_says(item, OTEL__AZURE_EXCEPTION_TYPE) || otel__azure_says(item, OTEL__AZURE_EXCEPTION_MESSAGE))
        otel__azure_make_exception(item);
    else if (otel__azure_says(item, OTEL__AZURE_EVENT_NAME))
        make_event(item);
    else if (!otel__azure_make_availability(item))
        make_message(item);
}

void otel__azure_add_body(otel__azure_item *item)
{
    static const char *const keys[] = {"message", "body", "otel.body"};
    const otel_value *body = &item->record->body;
    if (item->kind == OTEL_AZURE_MONITOR_MESSAGE || otel__azure_value_empty(body)) return;
    otel__azure_text text = otel__azure_value_text(item->memory, body, OTEL__AZURE_MESSAGE_UNITS);
    if (item->fields[OTEL__AZURE_MESSAGE_FIELD].data &&
        otel__azure_same_text(&text, &item->fields[OTEL__AZURE_MESSAGE_FIELD]))
        return;
    if (item->fields[OTEL__AZURE_NAME_FIELD].data &&
        otel__azure_same_text(&text, &item->fields[OTEL__AZURE_NAME_FIELD]))
        return;
    text = otel__azure_value_text(item->memory, body, OTEL__AZURE_VALUE_UNITS);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (otel__azure_offer(item, keys[i], text)) return;
    item->dropped++;
}
