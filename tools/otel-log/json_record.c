/* From a JSON object to a record: known keys become fields, whatever cannot stays as an attribute: nothing is lost. */
#include "json_record.h"

#include <string.h>

#include "json_value.h"
#include "timestamp.h"

enum { MEMORY_LIMIT_BYTES = 64 * 1024 * 1024, EXCEPTION_FIELDS = 3, SCOPE_FIELDS = 4 };

enum {
    TIME,
    OBSERVED_TIME,
    SEVERITY,
    LEVEL, /* stands for severity where that is missing */
    SEVERITY_TEXT,
    BODY,
    MESSAGE, /* stands for body where that is missing */
    MSG,
    EVENT,
    ATTRIBUTES,
    EXCEPTION,
    TRACE_ID,
    SPAN_ID,
    TRACE_FLAGS,
    SCOPE,
    KNOWN_KEYS
};

static const char *const known_keys[KNOWN_KEYS] = {
    [TIME] = "time",
    [OBSERVED_TIME] = "observed_time",
    [SEVERITY] = "severity",
    [LEVEL] = "level",
    [SEVERITY_TEXT] = "severity_text",
    [BODY] = "body",
    [MESSAGE] = "message",
    [MSG] = "msg",
    [EVENT] = "event",
    [ATTRIBUTES] = "attributes",
    [EXCEPTION] = "exception",
    [TRACE_ID] = "trace_id",
    [SPAN_ID] = "span_id",
    [TRACE_FLAGS] = "trace_flags",
    [SCOPE] = "scope",
};

typedef struct builder {
    otel__json_arena *memory;
    otel_log_record *record;
    otel_attr *attributes;
    const otel__json *known[KNOWN_KEYS]; /* NULL: absent, or taken care of */
    const char *complaint;
    bool out_of_memory;
} builder;

void otel__json_records_init(otel__json_records *records, const otel__options *options, otel_logger *default_logger)
{
    *records = (otel__json_records){.options = options, .default_logger = default_logger};
    otel__scope_table_init(&records->scopes, options->scope_name);
    otel__json_arena_init(&records->memory, MEMORY_LIMIT_BYTES);
}

void otel__json_records_release(otel__json_records *records)
{
    otel__scope_table_release(&records->scopes);
    otel__json_arena_release(&records->memory);
}

static int known_key(const otel__json *member)
{
    for (int i = 0; i < KNOWN_KEYS; i++) {
        if (*member->key == *known_keys[i] && otel__json_key_is(member, known_keys[i])) return i;
    }
    return -1;
}

static void add(builder *b, otel_attr attribute)
{
    b->attributes[b->record->attribute_count++] = attribute;
}

static void add_json(builder *b, const char *name, uint32_t name_size, const otel__json *json)
{
    otel_value value;
    if (otel__json_value(b->memory, json, false, &value))
        add(b, otel_attrn(name, name_size, value));
    else
        b->out_of_memory = true;
}

static void keep_as_attribute(builder *b, int key)
{
    const otel__json *json = b->known[key];
    b->known[key] = NULL;
    if (json) add_json(b, json->key, json->key_size, json);
}

/* The field could not be read. */
static void keep_wrong(builder *b, int key, const char *complaint)
{
    b->complaint = complaint;
    keep_as_attribute(b, key);
}

/* Of two members with the same known key the last counts; null is as good as absent, except for a body. */
static void sort_members(builder *b, const otel__json *object)
{
    for (const otel__json *member = object->first; member; member = member->next) {
        int key = member->key_size > 0 ? known_key(member) : -1;
        if (key < 0)
            add_json(b, member->key, member->key_size, member);
        else
            b->known[key] = member;
    }
    for (int i = 0; i < KNOWN_KEYS; i++) {
        bool may_be_null = i == BODY || i == MESSAGE || i == MSG;
        if (b->known[i] && b->known[i]->type == OTEL__JSON_NULL && !may_be_null) b->known[i] = NULL;
    }
}

static bool is_string(const otel__json *json)
{
    return json->type == OTEL__JSON_STRING;
}

static otel_str text_of(const otel__json *json)
{
    return (otel_str){json->text, json->size};
}

static void take_time(builder *b, int key, uint64_t *out)
{
    const otel__json *json = b->known[key];
    if (!json) return;
    bool good = is_string(json) ? otel__timestamp_read(json->text, json->size, out) : otel__json_uint64(json, out);
    if (!good) keep_wrong(b, key, "a time is neither Unix nanoseconds nor RFC 3339");
}

static bool read_severity(const otel__json *json, otel_severity *out)
{
    int64_t number;
    if (is_string(json)) return otel_severity_parse(json->text, json->size, out);
    if (!otel__json_int64(json, &number) || number < 0 || number > OTEL_SEVERITY_FATAL4) return false;
    *out = (otel_severity)number;
    return true;
}

static void take_severity(builder *b)
{
    int key = b->known[SEVERITY] ? SEVERITY : LEVEL;
    if (key == SEVERITY) keep_as_attribute(b, LEVEL);
    if (b->known[key] && !read_severity(b->known[key], &b->record->severity))
        keep_wrong(b, key, "a severity is neither a name nor a number from 0 to 24");
}

static void take_string(builder *b, int key, otel_str *out)
{
    const otel__json *json = b->known[key];
    if (!json) return;
    if (is_string(json))
        *out = text_of(json);
    else
        keep_wrong(b, key, "a severity_text or event is no string");
}

static void take_body(builder *b)
{
    int key = b->known[BODY] ? BODY : b->known[MESSAGE] ? MESSAGE : MSG;
    if (b->known[key] && !otel__json_value(b->memory, b->known[key], false, &b->record->body)) b->out_of_memory = true;
    b->known[key] = NULL;
    keep_as_attribute(b, MESSAGE);
    keep_as_attribute(b, MSG);
}

/* An object that holds nothing but strings (or null) of these names. */
static bool read_exception(const otel__json *json, const otel__json *fields[EXCEPTION_FIELDS])
{
    static const char *const names[EXCEPTION_FIELDS] = {"type", "message", "stacktrace"};
    if (json->type != OTEL__JSON_OBJECT) return false;
    for (const otel__json *member = json->first; member; member = member->next) {
        int i = 0;
        while (i < EXCEPTION_FIELDS && !otel__json_key_is(member, names[i])) i++;
        if (i == EXCEPTION_FIELDS || (!is_string(member) && member->type != OTEL__JSON_NULL)) return false;
        fields[i] = is_string(member) ? member : NULL;
    }
    return true;
}

static void take_exception(builder *b)
{
    static const int types[EXCEPTION_FIELDS] = {OTEL_TYPE_WITH_EXCEPTION_TYPE, OTEL_TYPE_WITH_EXCEPTION_MESSAGE,
                                                OTEL_TYPE_WITH_EXCEPTION_STACKTRACE};
    const otel__json *fields[EXCEPTION_FIELDS] = {NULL};
    if (!b->known[EXCEPTION]) return;
    if (!read_exception(b->known[EXCEPTION], fields)) {
        keep_wrong(b, EXCEPTION, "an exception is no object of the strings type, message, stacktrace");
        return;
    }
    for (int i = 0; i < EXCEPTION_FIELDS; i++) {
        if (fields[i]) add(b, otel_attrn(NULL, 0, otel_pointer_value(types[i], fields[i]->text, fields[i]->size)));
    }
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

/* A record holds a trace id and a span id together or none of them: one alone stays an attribute. */
static void take_span_context(builder *b)
{
    otel_span_context *span = &b->record->span_context;
    const otel__json *trace_id = b->known[TRACE_ID], *span_id = b->known[SPAN_ID], *flags = b->known[TRACE_FLAGS];
    bool trace = trace_id && is_string(trace_id) && otel_trace_id_parse(trace_id->text, trace_id->size, span->trace_id);
    bool parent = span_id && is_string(span_id) && otel_span_id_parse(span_id->text, span_id->size, span->span_id);
    bool flagged = flags && read_flags(flags, &span->flags);
    if (trace_id && !trace) b->complaint = "a trace_id is no 32 hexadecimal digits, or zero";
    if (span_id && !parent) b->complaint = "a span_id is no 16 hexadecimal digits, or zero";
    if (flags && !flagged) b->complaint = "trace_flags are neither a number up to 255 nor two hexadecimal digits";
    if (!(trace && parent)) {
        *span = (otel_span_context){.flags = 0};
        keep_as_attribute(b, TRACE_ID);
        keep_as_attribute(b, SPAN_ID);
    }
    if (!flagged || !(trace && parent)) keep_as_attribute(b, TRACE_FLAGS);
}

/* More scopes than there is room for: what the scope says goes into the record. */
static void scope_to_attributes(builder *b, const otel__json *scope)
{
    static const char *const names[SCOPE_FIELDS][2] = {{"name", "otel.scope.name"},
                                                       {"version", "otel.scope.version"},
                                                       {"schema_url", "otel.scope.schema_url"},
                                                       {"attributes", "otel.scope.attributes"}};
    for (int i = 0; i < SCOPE_FIELDS; i++) {
        const otel__json *json = otel__json_get(scope, names[i][0]);
        if (json && json->type != OTEL__JSON_NULL) add_json(b, names[i][1], otel_size_of(names[i][1]), json);
    }
}

static void take_scope(builder *b, otel__scope_table *scopes, otel_logger **logger)
{
    const otel__json *scope = b->known[SCOPE];
    if (!scope) return;
    otel__scope_result result = otel__scope_table_find(scopes, scope, logger);
    if (result == OTEL__SCOPE_WRONG)
        keep_wrong(b, SCOPE, "a scope is no object of name, version, schema_url, attributes");
    if (result != OTEL__SCOPE_FULL) return;
    otel_diag(OTEL_SEVERITY_WARN, "otel-log", "no room for one more scope: it becomes attributes");
    scope_to_attributes(b, scope);
}

/* Behind the loose keys: of two attributes with one key the last counts. */
static void take_attributes(builder *b)
{
    const otel__json *object = b->known[ATTRIBUTES];
    if (!object) return;
    if (object->type != OTEL__JSON_OBJECT) {
        keep_wrong(b, ATTRIBUTES, "attributes are no object");
        return;
    }
    otel_attr *out = b->attributes + b->record->attribute_count;
    if (otel__json_members(b->memory, object, false, out))
        b->record->attribute_count += object->size;
    else
        b->out_of_memory = true;
}

static bool make_room(builder *b, const otel__json *object, const otel__options *options)
{
    const otel__json *attributes = otel__json_get(object, "attributes");
    size_t room = (size_t)object->size + (attributes ? attributes->size : 0u) + options->attribute_count +
                  EXCEPTION_FIELDS + SCOPE_FIELDS;
    b->attributes = otel__json_allocate(b->memory, room * sizeof *b->attributes);
    b->record->attributes = b->attributes;
    return b->attributes != NULL;
}

/* What every record has that says nothing else. */
static void set_defaults(const otel__json_records *records, otel_log_record *record, otel_logger **logger)
{
    const otel__options *options = records->options;
    *record = (otel_log_record){.size = sizeof *record,
                                .severity = options->severity,
                                .event_name = options->event,
                                .attributes = options->attributes,
                                .attribute_count = options->attribute_count};
    *logger = records->default_logger;
}

static bool build(otel__json_records *records, builder *b, const otel__json *object, otel_logger **logger)
{
    const otel__options *options = records->options;
    b->record->attribute_count = 0;
    if (!make_room(b, object, options)) return false;
    sort_members(b, object);
    take_time(b, TIME, &b->record->time_unix_nano);
    take_time(b, OBSERVED_TIME, &b->record->observed_time_unix_nano);
    take_severity(b);
    take_string(b, SEVERITY_TEXT, &b->record->severity_text);
    take_body(b);
    take_string(b, EVENT, &b->record->event_name);
    take_exception(b);
    take_span_context(b);
    take_scope(b, &records->scopes, logger);
    take_attributes(b);
    for (uint32_t i = 0; i < options->attribute_count; i++) add(b, options->attributes[i]);
    return !b->out_of_memory;
}

static bool raw_line(otel__json_records *records, const char *line, size_t size, otel_log_record *record,
                     otel_logger **logger, const char *complaint)
{
    set_defaults(records, record, logger);
    record->severity = OTEL_SEVERITY_WARN;
    record->body = otel_stringn(line, size);
    records->complaint = complaint;
    return false;
}

bool otel__json_record_read(otel__json_records *records, const char *line, size_t size, otel_log_record *record,
                            otel_logger **logger)
{
    otel__json_error error;
    otel__json_arena_reset(&records->memory);
    const otel__json *json = otel__json_read(&records->memory, line, size, &error);
    if (!json) return raw_line(records, line, size, record, logger, error.words);
    if (json->type != OTEL__JSON_OBJECT) return raw_line(records, line, size, record, logger, "not an object");
    builder b = {.memory = &records->memory, .record = record};
    set_defaults(records, record, logger);
    if (!build(records, &b, json, logger)) return raw_line(records, line, size, record, logger, "out of memory");
    if (b.complaint) records->complaint = b.complaint;
    return !b.complaint;
}
