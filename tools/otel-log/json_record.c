/* From a JSON object to a record: known keys become fields, whatever cannot stays as an attribute: nothing is lost. */
#include "json_record.h"

#include <string.h>

#include "json_value.h"
#include "priority.h"
#include "timestamp.h"

enum { SCOPE_FIELDS = 4 };

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

/* The members that are known; NULL: absent, or taken care of. */
typedef struct parts {
    otel__builder *b;
    const otel__json *known[KNOWN_KEYS];
} parts;

static int known_key(const otel__json *member)
{
    for (int i = 0; i < KNOWN_KEYS; i++) {
        if (*member->key == *known_keys[i] && otel__json_key_is(member, known_keys[i])) return i;
    }
    return -1;
}

static void keep_as_attribute(parts *p, int key)
{
    const otel__json *json = p->known[key];
    p->known[key] = NULL;
    if (json) otel__builder_add_json(p->b, json->key, json->key_size, json);
}

/* The field could not be read. */
static void keep_wrong(parts *p, int key, const char *complaint)
{
    p->b->complaint = complaint;
    keep_as_attribute(p, key);
}

/* Of two members with the same known key the last counts; null is as good as absent, except for a body. */
static void sort_members(parts *p, const otel__json *object)
{
    for (const otel__json *member = object->first; member; member = member->next) {
        int key = member->key_size > 0 ? known_key(member) : -1;
        if (key < 0)
            otel__builder_add_json(p->b, member->key, member->key_size, member);
        else
            p->known[key] = member;
    }
    for (int i = 0; i < KNOWN_KEYS; i++) {
        bool may_be_null = i == BODY || i == MESSAGE || i == MSG;
        if (p->known[i] && p->known[i]->type == OTEL__JSON_NULL && !may_be_null) p->known[i] = NULL;
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

static void take_time(parts *p, int key, uint64_t *out)
{
    const otel__json *json = p->known[key];
    if (!json) return;
    bool good = is_string(json) ? otel__timestamp_read(json->text, json->size, out) : otel__json_uint64(json, out);
    if (!good) keep_wrong(p, key, "a time is neither Unix nanoseconds nor RFC 3339");
}

static bool read_severity(const otel__json *json, otel_severity *out)
{
    int64_t number;
    if (is_string(json)) return otel_severity_parse(json->text, json->size, out);
    if (!otel__json_int64(json, &number) || number < 0 || number > OTEL_SEVERITY_FATAL4) return false;
    *out = (otel_severity)number;
    return true;
}

/* What a number stands for by itself. One between the six names that everybody knows has no text: its source gave none,
 * and "INFO4" would look as if it had. */
static otel_str text_of_number(otel_severity severity)
{
    bool has_name = severity % 4 == OTEL_SEVERITY_TRACE;
    return (otel_str){has_name ? NULL : "", 0}; /* NULL: the SDK's */
}

/* A severity in the line replaces that of a prefix, its text too. */
static void take_severity(parts *p)
{
    int key = p->known[SEVERITY] ? SEVERITY : LEVEL;
    if (key == SEVERITY) keep_as_attribute(p, LEVEL);
    if (!p->known[key]) return;
    const otel__json *json = p->known[key];
    otel_severity *severity = &p->b->record->severity;
    if (read_severity(json, severity))
        p->b->record->severity_text = is_string(json) ? (otel_str){NULL, 0} : text_of_number(*severity);
    else if (is_string(json) && otel__level_parse(json->text, json->size, severity))
        p->b->record->severity_text = text_of(json);
    else
        keep_wrong(p, key, "a severity is neither a name nor a number from 0 to 24");
}

static void take_string(parts *p, int key, otel_str *out)
{
    const otel__json *json = p->known[key];
    if (!json) return;
    if (is_string(json))
        *out = text_of(json);
    else
        keep_wrong(p, key, "a severity_text or event is no string");
}

static void take_body(parts *p)
{
    int key = p->known[BODY] ? BODY : p->known[MESSAGE] ? MESSAGE : MSG;
    if (p->known[key] && !otel__json_value(p->b->memory, p->known[key], false, &p->b->record->body))
        p->b->out_of_memory = true;
    p->known[key] = NULL;
    keep_as_attribute(p, MESSAGE);
    keep_as_attribute(p, MSG);
}

/* An object that holds nothing but strings (or null) of these names. */
static bool read_exception(const otel__json *json, const otel__json *fields[OTEL__EXCEPTION_FIELDS])
{
    static const char *const names[OTEL__EXCEPTION_FIELDS] = {"type", "message", "stacktrace"};
    if (json->type != OTEL__JSON_OBJECT) return false;
    for (const otel__json *member = json->first; member; member = member->next) {
        int i = 0;
        while (i < OTEL__EXCEPTION_FIELDS && !otel__json_key_is(member, names[i])) i++;
        if (i == OTEL__EXCEPTION_FIELDS || (!is_string(member) && member->type != OTEL__JSON_NULL)) return false;
        fields[i] = is_string(member) ? member : NULL;
    }
    return true;
}

static bool take_exception(parts *p)
{
    static const int types[OTEL__EXCEPTION_FIELDS] = {OTEL_TYPE_WITH_EXCEPTION_TYPE, OTEL_TYPE_WITH_EXCEPTION_MESSAGE,
                                                      OTEL_TYPE_WITH_EXCEPTION_STACKTRACE};
    const otel__json *fields[OTEL__EXCEPTION_FIELDS] = {NULL};
    if (!p->known[EXCEPTION]) return false;
    if (!read_exception(p->known[EXCEPTION], fields)) {
        keep_wrong(p, EXCEPTION, "an exception is no object of the strings type, message, stacktrace");
        return false;
    }
    for (int i = 0; i < OTEL__EXCEPTION_FIELDS; i++) {
        if (!fields[i]) continue;
        otel_value text = otel_pointer_value(types[i], fields[i]->text, fields[i]->size);
        otel__builder_add(p->b, otel_attrn(NULL, 0, text));
    }
    return true;
}

/* What cannot be part of the record stays an attribute. */
static void take_span_context(parts *p)
{
    static const int keys[] = {TRACE_ID, SPAN_ID, TRACE_FLAGS};
    unsigned left = otel__builder_set_span(p->b, p->known[TRACE_ID], p->known[SPAN_ID], p->known[TRACE_FLAGS]);
    for (int i = 0; i < 3; i++) {
        if (left & 1u << i) keep_as_attribute(p, keys[i]);
    }
}

/* More scopes than there is room for: what the scope says goes into the record. */
static void scope_to_attributes(parts *p, const otel__json *scope)
{
    static const char *const names[SCOPE_FIELDS][2] = {{"name", "otel.scope.name"},
                                                       {"version", "otel.scope.version"},
                                                       {"schema_url", "otel.scope.schema_url"},
                                                       {"attributes", "otel.scope.attributes"}};
    for (int i = 0; i < SCOPE_FIELDS; i++) {
        const otel__json *json = otel__json_get(scope, names[i][0]);
        if (json && json->type != OTEL__JSON_NULL)
            otel__builder_add_json(p->b, names[i][1], otel_size_of(names[i][1]), json);
    }
}

static void take_scope(parts *p, otel__scope_table *scopes, otel_logger **logger)
{
    const otel__json *scope = p->known[SCOPE];
    if (!scope) return;
    otel__scope_result result = otel__scope_table_find(scopes, scope, logger);
    if (result == OTEL__SCOPE_WRONG)
        keep_wrong(p, SCOPE, "a scope is no object of name, version, schema_url, attributes");
    if (result != OTEL__SCOPE_FULL) return;
    otel_diag(OTEL_SEVERITY_WARN, "otel-log", "no room for one more scope: it becomes attributes");
    scope_to_attributes(p, scope);
}

/* Behind the loose keys: of two attributes with one key the last counts. */
static void take_attributes(parts *p)
{
    const otel__json *object = p->known[ATTRIBUTES];
    if (!object) return;
    if (object->type != OTEL__JSON_OBJECT) {
        keep_wrong(p, ATTRIBUTES, "attributes are no object");
        return;
    }
    otel_attr *out = p->b->attributes + p->b->record->attribute_count;
    if (otel__json_members(p->b->memory, object, false, out))
        p->b->record->attribute_count += object->size;
    else
        p->b->out_of_memory = true;
}

static size_t most_attributes(const otel__json *object)
{
    const otel__json *attributes = otel__json_get(object, "attributes");
    return (size_t)object->size + (attributes ? attributes->size : 0u) + OTEL__EXCEPTION_FIELDS + SCOPE_FIELDS;
}

bool otel__json_record_read(otel__builder *b, const otel__json *object, otel_logger **logger)
{
    parts p = {.b = b};
    if (!otel__builder_begin(b, most_attributes(object))) return false;
    sort_members(&p, object);
    take_time(&p, TIME, &b->record->time_unix_nano);
    take_time(&p, OBSERVED_TIME, &b->record->observed_time_unix_nano);
    take_severity(&p);
    take_string(&p, SEVERITY_TEXT, &b->record->severity_text);
    take_body(&p);
    take_string(&p, EVENT, &b->record->event_name);
    bool has_exception = take_exception(&p);
    take_span_context(&p);
    take_scope(&p, &b->records->scopes, logger);
    take_attributes(&p);
    otel__builder_end(b, has_exception);
    return !b->out_of_memory;
}
