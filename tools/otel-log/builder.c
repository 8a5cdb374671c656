/* Attributes are made in the memory of the present record, with room for all of them from the beginning. */
#include "builder.h"

#include <string.h>

#include "json_value.h"

bool otel__builder_refuse(otel__builder *b, const char *complaint)
{
    b->complaint = complaint;
    return false;
}

bool otel__builder_begin(otel__builder *b, size_t count)
{
    size_t room = count + b->records->given_count;
    b->attributes = otel__json_allocate(b->memory, room * sizeof *b->attributes);
    b->record->attributes = b->attributes;
    b->record->attribute_count = 0;
    b->out_of_memory = !b->attributes;
    return !b->out_of_memory;
}

void otel__builder_add(otel__builder *b, otel_attr attribute)
{
    b->attributes[b->record->attribute_count++] = attribute;
}

void otel__builder_add_json(otel__builder *b, const char *key, uint32_t key_size, const otel__json *json)
{
    otel_value value;
    if (otel__json_value(b->memory, json, false, &value))
        otel__builder_add(b, otel_attrn(key, key_size, value));
    else
        b->out_of_memory = true;
}

static bool is_exception(const otel_attr *attribute)
{
    return attribute->value.type >= OTEL_TYPE_WITH_EXCEPTION_TYPE &&
           attribute->value.type <= OTEL_TYPE_WITH_EXCEPTION_STACKTRACE;
}

void otel__builder_end(otel__builder *b, bool has_exception)
{
    for (uint32_t i = 0; i < b->records->given_count; i++) {
        const otel_attr *given = &b->records->given[i];
        if (!has_exception || !is_exception(given)) otel__builder_add(b, *given);
    }
}

void otel__set_level(otel_log_record *record, const otel__level *level)
{
    record->severity = level->severity;
    record->severity_text = (otel_str){level->name, strlen(level->name)};
}

static bool is_string(const otel__json *json)
{
    return json && json->type == OTEL__JSON_STRING;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_flags(const otel__json *json, uint8_t *out)
{
    int64_t number = -1;
    if (is_string(json) && json->size == 2) {
        int high = hex_digit(json->text[0]), low = hex_digit(json->text[1]);
        if (high >= 0 && low >= 0) number = high * 16 + low;
    } else if (!otel__json_int64(json, &number)) {
        return false;
    }
    if (number < 0 || number > UINT8_MAX) return false;
    *out = (uint8_t)number;
    return true;
}

unsigned otel__builder_set_span(otel__builder *b, const otel__json *trace_id, const otel__json *span_id,
                                const otel__json *trace_flags)
{
    otel_span_context *span = &b->record->span_context;
    bool trace = is_string(trace_id) && otel_trace_id_parse(trace_id->text, trace_id->size, span->trace_id);
    bool parent = is_string(span_id) && otel_span_id_parse(span_id->text, span_id->size, span->span_id);
    bool flagged = trace_flags && read_flags(trace_flags, &span->flags);
    if (trace_id && !trace) b->complaint = "a trace_id is no 32 hexadecimal digits, or zero";
    if (span_id && !parent) b->complaint = "a span_id is no 16 hexadecimal digits, or zero";
    if (trace_flags && !flagged) b->complaint = "trace_flags are neither a number up to 255 nor two hexadecimal digits";
    bool whole = trace && (parent || !span_id); /* a trace without a span is one */
    if (!whole) *span = (otel_span_context){.flags = 0};
    return (whole ? 0u : OTEL__LEFT_TRACE_ID | OTEL__LEFT_SPAN_ID) | (whole && flagged ? 0u : OTEL__LEFT_TRACE_FLAGS);
}
