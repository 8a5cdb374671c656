/* A record as a line for people: time, severity, scope, message, attributes, trace, dimensions of the resource, place
 * in the code; the lines of a stack trace behind it, indented. */
#include "record_text.h"

#include <string.h>
#include <strings.h>

#define DIM "\x1b[2m"
#define PLAIN "\x1b[0m"

/* What is written elsewhere than among the attributes. */
typedef struct extracted {
    otel_str file, function, stacktrace;
    int64_t code_line; /* 0: not known */
} extracted;

static void colour_on(otel__console_line *line, bool colour, const char *code)
{
    if (colour) otel__console_word(line, code);
}

static void colour_off(otel__console_line *line, bool colour)
{
    if (colour) otel__console_word(line, PLAIN);
}

/* Days since 1970-01-01 as a date; 1970 to 2554 is all that 64 bits of nanoseconds hold. Counted in years from March,
 * so that the leap day is the last. */
static void put_date(otel__console_line *line, uint64_t days)
{
    uint64_t shifted = days + 719468; /* since 0000-03-01 */
    uint64_t era = shifted / 146097, day_of_era = shifted % 146097;
    uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint64_t from_march = (5 * day_of_year + 2) / 153;
    uint64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
    otel__console_digits(line, era * 400 + year_of_era + (month <= 2), 4);
    otel__console_word(line, "-");
    otel__console_digits(line, month, 2);
    otel__console_word(line, "-");
    otel__console_digits(line, day_of_year - (153 * from_march + 2) / 5 + 1, 2);
}

static void put_time(otel__console_line *line, uint64_t unix_nano)
{
    uint64_t ms = unix_nano / 1000000, seconds = ms / 1000;
    put_date(line, seconds / 86400);
    otel__console_word(line, "T");
    otel__console_digits(line, seconds / 3600 % 24, 2);
    otel__console_word(line, ":");
    otel__console_digits(line, seconds / 60 % 60, 2);
    otel__console_word(line, ":");
    otel__console_digits(line, seconds % 60, 2);
    otel__console_word(line, ".");
    otel__console_digits(line, ms % 1000, 3);
    otel__console_word(line, "Z");
}

static void put_record_time(otel__console_line *line, const otel_log_record *record, bool colour)
{
    uint64_t time = record->time_unix_nano != 0 ? record->time_unix_nano : record->observed_time_unix_nano;
    colour_on(line, colour, DIM);
    if (time != 0)
        put_time(line, time);
    else
        otel__console_word(line, "-");
    colour_off(line, colour);
}

static const char *severity_colour(otel_severity severity)
{
    if (severity >= OTEL_SEVERITY_FATAL) return "\x1b[1;31m"; /* bold red */
    if (severity >= OTEL_SEVERITY_ERROR) return "\x1b[31m";   /* red */
    if (severity >= OTEL_SEVERITY_WARN) return "\x1b[33m";    /* yellow */
    if (severity >= OTEL_SEVERITY_INFO) return "\x1b[32m";    /* green */
    return DIM;
}

/* `INFO `, or `WARN (Warning)` when the source calls it otherwise. */
static void put_severity(otel__console_line *line, const otel_log_record *record, bool colour)
{
    const char *name = otel_severity_name(record->severity);
    otel_str text = record->severity_text;
    size_t size = strlen(name);
    colour_on(line, colour, severity_colour(record->severity));
    otel__console_word(line, size > 0 ? name : "-");
    if (text.size > 0 && (text.size != size || strncasecmp(text.data, name, size) != 0)) {
        otel__console_word(line, " (");
        otel__console_escaped(line, text.data, text.size, 0);
        otel__console_word(line, ")");
    } else {
        for (size_t i = size > 0 ? size : 1; i < 5; i++) otel__console_word(line, " ");
    }
    colour_off(line, colour);
}

/* Whatever is no string: its JSON has no control characters and brings its own quotes. */
static void put_other_value(otel__console_line *line, const otel_value *value)
{
    size_t size = otel_value_text(value, NULL, 0);
    if (!otel__console_reserve(line, size + 1)) return;
    otel_value_text(value, line->data + line->length, size + 1);
    line->length += size;
}

/* The value when it can be shown as text: a string, or bytes that were one in another encoding than UTF-8. */
static bool as_text(const otel_value *value, otel_str *text)
{
    bool foreign = value->type == OTEL_TYPE_BYTES && otel__console_is_foreign_text(value->u.data, value->size);
    if (value->type != OTEL_TYPE_STRING && !foreign) return false;
    text->data = value->u.string;
    text->size = value->size;
    return true;
}

static void put_body(otel__console_line *line, const otel_value *body)
{
    otel_str text;
    if (body->type == OTEL_TYPE_EMPTY) return;
    otel__console_word(line, " ");
    if (as_text(body, &text))
        otel__console_escaped(line, text.data, text.size, 0);
    else
        put_other_value(line, body);
}

static void put_key(otel__console_line *line, const char *key, size_t size, bool colour)
{
    otel__console_word(line, " ");
    colour_on(line, colour, DIM);
    otel__console_quoted_if_needed(line, key, size);
    otel__console_word(line, "=");
    colour_off(line, colour);
}

static void put_attribute(otel__console_line *line, const otel_attr *attr, bool colour)
{
    otel_str text;
    put_key(line, attr->key, attr->key_size, colour);
    if (as_text(&attr->value, &text))
        otel__console_quoted_if_needed(line, text.data, text.size);
    else
        put_other_value(line, &attr->value);
}

static bool has_key(const otel_attr *attr, const char *key)
{
    return attr->key_size == strlen(key) && memcmp(attr->key, key, attr->key_size) == 0;
}

/* Takes what has a place of its own in the line; false: an attribute like any other. */
static bool extract(const otel_attr *attr, extracted *out)
{
    otel_str string = {attr->value.u.string, attr->value.size};
    if (attr->value.type == OTEL_TYPE_INT && has_key(attr, "code.line.number"))
        out->code_line = attr->value.u.integer;
    else if (attr->value.type != OTEL_TYPE_STRING)
        return false;
    else if (has_key(attr, "code.file.path"))
        out->file = string;
    else if (has_key(attr, "code.function.name"))
        out->function = string;
    else if (has_key(attr, "exception.stacktrace"))
        out->stacktrace = string;
    else
        return false;
    return true;
}

static void put_attributes(otel__console_line *line, const otel_log_record *record, extracted *out, bool colour)
{
    otel_attr attr;
    if (record->event_name.size > 0) {
        put_key(line, "event_name", strlen("event_name"), colour);
        otel__console_quoted_if_needed(line, record->event_name.data, record->event_name.size);
    }
    for (otel_iter it = otel_log_record_attrs(record); otel_attr_next(&it, &attr);)
        if (!extract(&attr, out)) put_attribute(line, &attr, colour);
    if (record->dropped_attribute_count > 0) {
        otel_attr dropped = OTEL_INT("otel.dropped_attributes_count", record->dropped_attribute_count);
        put_attribute(line, &dropped, colour);
    }
}

static bool is_set(const uint8_t *id, size_t size)
{
    static const uint8_t zero[16];
    return memcmp(id, zero, size) != 0;
}

/* Names and forms of "Trace Context in non-OTLP Log Formats". */
static void put_trace(otel__console_line *line, const otel_span_context *span, bool colour)
{
    char hex[33];
    if (!is_set(span->trace_id, sizeof span->trace_id)) return;
    put_key(line, "trace_id", strlen("trace_id"), colour);
    otel_trace_id_hex(span->trace_id, hex);
    otel__console_word(line, hex);
    if (is_set(span->span_id, sizeof span->span_id)) {
        put_key(line, "span_id", strlen("span_id"), colour);
        otel_span_id_hex(span->span_id, hex);
        otel__console_word(line, hex);
    }
    put_key(line, "trace_flags", strlen("trace_flags"), colour);
    otel__console_put(line, &"0123456789abcdef"[span->flags >> 4], 1);
    otel__console_put(line, &"0123456789abcdef"[span->flags & 15], 1);
}

/* What every process has says nothing at its own console; the rest are dimensions that somebody chose. */
static bool is_dimension(const otel_attr *attr)
{
    static const char *const usual[] = {"telemetry.sdk.", "service.", "process.", "host.", "os.", "container."};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        size_t n = strlen(usual[i]);
        if (attr->key_size >= n && memcmp(attr->key, usual[i], n) == 0) return false;
    }
    return true;
}

static void put_dimensions(otel__console_line *line, const otel_resource *resource, bool colour)
{
    otel_attr attr;
    colour_on(line, colour, DIM);
    for (size_t i = 0; otel_resource_at(resource, i, &attr); i++)
        if (is_dimension(&attr)) put_attribute(line, &attr, false);
    colour_off(line, colour);
}

static otel_str last_part(otel_str path)
{
    const char *slash = path.size > 0 ? memrchr(path.data, '/', path.size) : NULL;
    if (!slash) return path;
    otel_str name = {slash + 1, path.size - (size_t)(slash + 1 - path.data)};
    return name;
}

static void put_code_location(otel__console_line *line, const extracted *code, bool colour)
{
    otel_str place = code->file.size > 0 ? last_part(code->file) : code->function;
    if (place.size == 0 && code->code_line == 0) return;
    otel__console_word(line, " ");
    colour_on(line, colour, DIM);
    otel__console_escaped(line, place.data, place.size, 0);
    if (code->code_line > 0) {
        otel__console_word(line, ":");
        otel__console_digits(line, (uint64_t)code->code_line, 1);
    }
    colour_off(line, colour);
}

static void put_stacktrace(otel__console_line *line, otel_str trace)
{
    while (trace.size > 0) {
        const char *end = memchr(trace.data, '\n', trace.size);
        size_t size = end ? (size_t)(end - trace.data) : trace.size;
        size_t shown = size > 0 && trace.data[size - 1] == '\r' ? size - 1 : size;
        if (shown > 0) {
            otel__console_word(line, "    ");
            otel__console_escaped(line, trace.data, shown, OTEL__CONSOLE_TABS);
            otel__console_word(line, "\n");
        }
        trace.data += end ? size + 1 : size;
        trace.size -= end ? size + 1 : size;
    }
}

void otel__console_record_text(otel__console_line *line, const otel_log_record *record, bool colour)
{
    extracted found = {0};
    put_record_time(line, record, colour);
    otel__console_word(line, " ");
    put_severity(line, record, colour);
    if (record->scope && record->scope->name && record->scope->name[0] != '\0') {
        otel__console_word(line, " ");
        otel__console_escaped(line, record->scope->name, strlen(record->scope->name), 0);
        otel__console_word(line, ":");
    }
    put_body(line, &record->body);
    put_attributes(line, record, &found, colour);
    put_trace(line, &record->span_context, colour);
    if (record->resource) put_dimensions(line, record->resource, colour);
    put_code_location(line, &found, colour);
    otel__console_word(line, "\n");
    put_stacktrace(line, found.stacktrace);
}
