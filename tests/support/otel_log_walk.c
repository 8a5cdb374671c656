/* No value is deeper than the reader of JSON lets it be, no string longer than it says. */
#include "otel_log_walk.h"

#include <stdlib.h>
#include <string.h>

#include "otel-log/record.h"

static void must(bool holds)
{
    if (!holds) abort();
}

static uint64_t touched; /* so that no read is thrown away */

static void walk(const otel_value *value, unsigned depth);

static void walk_attributes(const otel_attr *attributes, size_t count, unsigned depth)
{
    for (size_t i = 0; i < count; i++) {
        must(attributes[i].key || attributes[i].value.type >= OTEL_TYPE_WITH_CONTEXT);
        for (uint32_t k = 0; k < attributes[i].key_size; k++) touched += (unsigned char)attributes[i].key[k];
        walk(&attributes[i].value, depth);
    }
}

static void walk(const otel_value *value, unsigned depth)
{
    must(depth <= OTEL__JSON_MAX_DEPTH + 1);
    if (value->type == OTEL_TYPE_STRING) {
        for (uint32_t i = 0; i < value->size; i++) touched += (unsigned char)value->u.string[i];
    }
    if (value->type == OTEL_TYPE_ARRAY) {
        for (uint32_t i = 0; i < value->size; i++) walk(&value->u.values[i], depth + 1);
    }
    if (value->type == OTEL_TYPE_MAP) walk_attributes(value->u.attrs, value->size, depth + 1);
}

static void read_line(otel__records *records, const char *line, size_t size)
{
    otel_log_record record;
    otel_logger *logger = NULL;
    bool good = otel__records_read(records, line, size, &record, &logger);
    must(logger && logger->scope.name);
    must(record.severity >= 0 && record.severity <= OTEL_SEVERITY_FATAL4);
    must(good || records->complaint);
    walk(&record.body, 0);
    walk_attributes(record.attributes, record.attribute_count, 0);
    walk_attributes(logger->scope.attributes, logger->scope.attribute_count, 0);
    touched += strlen(logger->scope.name);
}

void otel__log_walk(const otel__options *options, const uint8_t *data, size_t size)
{
    static otel_logger default_logger = OTEL_LOGGER_INIT("otel-log", NULL);
    otel__records records;
    must(otel__records_init(&records, options, &default_logger));
    otel__records_from(&records, "a.log");
    const char *at = (const char *)data, *end = at + size;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline ? newline : end;
        read_line(&records, at, (size_t)(stop - at));
        if (!newline) break;
        at = stop + 1;
    }
    otel__records_release(&records);
}
