/* Errors keep the place where they were noticed first; memory comes from one bounded arena. */
#include "context.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../../tools/json_reader/json_reader.h"

bool kql_fail(kql_context *context, kql_place place, const char *expected, const char *format, ...)
{
    if (context->failed) return false;
    context->failed = true;
    desk_kql_error *error = context->error;
    error->line = place.line;
    error->column = place.column;
    snprintf(error->expected, sizeof error->expected, "%s", expected ? expected : "");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return false;
}

kql_shown kql_show(desk_text text)
{
    static const char cut[] = "…";
    kql_shown shown = {""};
    size_t used = 0;
    for (const char *at = text.at, *end = text.at + text.size; at < end;) {
        size_t size = otel__json_utf8_size(at, end);
        bool plain = size > 1 || (size == 1 && *at >= 0x20 && *at != 0x7f);
        if (used + (size ? size : 1) + sizeof cut > sizeof shown.text) {
            memcpy(shown.text + used, cut, sizeof cut);
            break;
        }
        if (plain)
            memcpy(shown.text + used, at, size);
        else
            shown.text[used] = '?';
        used += plain ? size : 1;
        at += size ? size : 1;
    }
    return shown;
}

void *kql_allocate(kql_context *context, kql_place place, size_t size)
{
    void *memory = otel__json_allocate(&context->arena, size);
    if (memory) return memset(memory, 0, size);
    kql_fail(context, place, "a shorter query", "the query needs too much memory");
    return NULL;
}

const char *kql_type_words(kql_type type)
{
    static const char *const words[] = {"nothing",  "a bool",     "a long",     "a real",
                                        "a string", "a datetime", "a timespan", "a dynamic"};
    return words[type];
}
