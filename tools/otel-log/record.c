/* What every record has that says nothing else, the prefix of a line, and who reads the rest. */
#include "record.h"

#include <stdlib.h>

#include "builder.h"
#include "journal_record.h"
#include "json_record.h"
#include "json_value.h"

enum { MEMORY_LIMIT_BYTES = 64 * 1024 * 1024 };

static void give(otel__records *records, otel_attr attribute)
{
    records->given[records->given_count++] = attribute;
}

static otel_attr *give_place(otel__records *records, const char *key)
{
    give(records, otel_attr_optional(key, NULL));
    return &records->given[records->given_count - 1];
}

static void give_exception(otel__records *records, const char *const exception[OTEL__EXCEPTION_FIELDS])
{
    const otel_attr fields[] = {OTEL_EXCEPTION(exception[0], exception[1], exception[2])};
    for (size_t i = 0; i < OTEL__EXCEPTION_FIELDS; i++) {
        if (exception[i]) give(records, fields[i]);
    }
}

/* Of two attributes with one key the last counts: those of the options beat what we know ourselves. */
static void give_all(otel__records *records, const otel__options *options)
{
    if (options->file_count > 0) records->file = give_place(records, "log.file.path");
    if (options->prio_prefix) records->facility = give_place(records, "syslog.facility");
    give_exception(records, options->exception);
    for (uint32_t i = 0; i < options->attribute_count; i++) give(records, options->attributes[i]);
}

bool otel__records_init(otel__records *records, const otel__options *options, otel_logger *default_logger)
{
    size_t room = 2u + OTEL__EXCEPTION_FIELDS + options->attribute_count;
    *records = (otel__records){.options = options, .default_logger = default_logger};
    otel__scope_table_init(&records->scopes, options->scope_name);
    otel__json_arena_init(&records->memory, MEMORY_LIMIT_BYTES);
    records->given = malloc(room * sizeof *records->given);
    if (records->given) give_all(records, options);
    return records->given != NULL;
}

void otel__records_release(otel__records *records)
{
    otel__scope_table_release(&records->scopes);
    otel__json_arena_release(&records->memory);
    free(records->given);
}

void otel__records_from(otel__records *records, const char *path)
{
    if (records->file) *records->file = otel_attr_optional("log.file.path", path);
}

static void set_defaults(const otel__records *records, otel_log_record *record, otel_logger **logger)
{
    const otel__options *options = records->options;
    *record = (otel_log_record){.size = sizeof *record,
                                .severity = options->severity,
                                .time_unix_nano = options->time_unix_nano,
                                .event_name = options->event,
                                .attributes = records->given,
                                .attribute_count = records->given_count};
    *logger = records->default_logger;
}

/* Facility 0 is the kernel's: a program that writes it means that it has none. */
static size_t take_prefix(otel__records *records, const char *line, size_t size, otel_log_record *record)
{
    otel__priority priority = {0};
    bool found = records->facility && otel__priority_read(line, size, &priority);
    if (found) otel__set_level(record, priority.level);
    if (records->facility)
        *records->facility = priority.facility > 0 ? OTEL_INT("syslog.facility", priority.facility)
                                                   : otel_attr_optional("syslog.facility", NULL);
    return priority.size;
}

static bool read_json(otel__builder *b, const char *line, size_t size, otel_logger **logger)
{
    otel__json_error error;
    otel__form form = b->records->options->form;
    otel__json_arena_reset(b->memory);
    const otel__json *json = otel__json_read(b->memory, line, size, &error);
    if (!json) return otel__builder_refuse(b, error.words);
    if (form == OTEL__FORM_JSON_BODY) return otel__json_value(b->memory, json, false, &b->record->body);
    if (json->type != OTEL__JSON_OBJECT) return otel__builder_refuse(b, "not an object");
    if (form == OTEL__FORM_JOURNAL) return otel__journal_record_read(b, json);
    return otel__json_record_read(b, json, logger);
}

bool otel__records_read(otel__records *records, const char *line, size_t size, otel_log_record *record,
                        otel_logger **logger)
{
    set_defaults(records, record, logger);
    size_t prefix = take_prefix(records, line, size, record);
    otel__builder b = {.records = records, .memory = &records->memory, .record = record};
    line += prefix;
    size -= prefix;
    records->complaint = NULL;
    if (records->options->form == OTEL__FORM_TEXT) {
        record->body = otel_stringn(line, size);
    } else if (!read_json(&b, line, size, logger) || b.out_of_memory) {
        set_defaults(records, record, logger);
        record->severity = OTEL_SEVERITY_WARN;
        record->body = otel_stringn(line, size);
        if (!b.complaint) b.complaint = "out of memory";
    }
    records->complaint = b.complaint;
    return !b.complaint;
}
