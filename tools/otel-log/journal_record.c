/* Fields that the semantic conventions know get their names there, all others keep theirs behind "journal.": nothing is
 * lost. Values in the journal are text; journalctl prints those that are not UTF-8 or hold control characters as arrays
 * of bytes, those of fields that occur several times as arrays, and those that are too long for it as null. */
#include "journal_record.h"

#include <string.h>

#include "json_value.h"

static const char prefix[] = "journal.";

enum { PREFIX_SIZE = sizeof prefix - 1 };

typedef enum field_kind {
    AS_TEXT,
    AS_INT,
    AS_BODY,
    AS_SEVERITY,
    AS_TIME,
    AS_TRACE_ID,
    AS_SPAN_ID,
    AS_FLAGS
} field_kind;

typedef struct field {
    const char *name;
    const char *key; /* NULL: not an attribute */
    field_kind kind;
} field;

static const field fields[] = {
    {"MESSAGE", NULL, AS_BODY},
    {"PRIORITY", NULL, AS_SEVERITY},
    {"__REALTIME_TIMESTAMP", NULL, AS_TIME},
    {"CODE_FILE", "code.file.path", AS_TEXT},
    {"CODE_LINE", "code.line.number", AS_INT},
    {"CODE_FUNC", "code.function.name", AS_TEXT},
    {"SYSLOG_FACILITY", "syslog.facility", AS_INT},
    {"SYSLOG_IDENTIFIER", "syslog.appname", AS_TEXT},
    {"SYSLOG_PID", "syslog.procid", AS_TEXT},
    {"_PID", "process.pid", AS_INT},
    {"_EXE", "process.executable.path", AS_TEXT},
    {"_COMM", "process.executable.name", AS_TEXT},
    {"_CMDLINE", "process.command_line", AS_TEXT},
    {"_HOSTNAME", "host.name", AS_TEXT},
    {"_MACHINE_ID", "host.id", AS_TEXT},
    {"CONTAINER_ID_FULL", "container.id", AS_TEXT},
    {"CONTAINER_NAME", "container.name", AS_TEXT},
    {"TRACE_ID", NULL, AS_TRACE_ID},
    {"SPAN_ID", NULL, AS_SPAN_ID},
    {"TRACE_FLAGS", NULL, AS_FLAGS},
};

static const field *find_field(const otel__json *member)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (otel__json_key_is(member, fields[i].name)) return &fields[i];
    }
    return NULL;
}

/* Decimal digits alone, as the journal writes numbers; false: something else, or more than 64 bits. */
static bool read_number(const otel__json *json, int64_t *out)
{
    uint64_t value = 0;
    if (json->type != OTEL__JSON_STRING || json->size == 0) return otel__json_int64(json, out);
    for (uint32_t i = 0; i < json->size; i++) {
        unsigned digit = (unsigned)(unsigned char)json->text[i] - '0';
        if (digit > 9 || value > ((uint64_t)INT64_MAX - digit) / 10u) return false;
        value = value * 10u + digit;
    }
    *out = (int64_t)value;
    return true;
}

static bool is_byte(const otel__json *json, int64_t *byte)
{
    return otel__json_int64(json, byte) && *byte >= 0 && *byte <= UINT8_MAX;
}

/* An array of nothing but bytes; not an empty one. */
static bool is_bytes(const otel__json *json)
{
    int64_t byte;
    if (json->type != OTEL__JSON_ARRAY || json->size == 0) return false;
    for (const otel__json *item = json->first; item; item = item->next) {
        if (!is_byte(item, &byte)) return false;
    }
    return true;
}

/* A string, for the most part with control characters in it; the SDK makes bytes of what is not UTF-8. */
static bool bytes_value(otel__json_arena *memory, const otel__json *json, otel_value *out)
{
    char *bytes = otel__json_allocate(memory, json->size), *at = bytes;
    int64_t byte = 0;
    if (!bytes) return false;
    for (const otel__json *item = json->first; item; item = item->next) {
        is_byte(item, &byte);
        *at++ = (char)byte;
    }
    *out = otel_stringn(bytes, json->size);
    return true;
}

static bool field_value(otel__json_arena *memory, const otel__json *json, otel_value *out);

static bool repeated_value(otel__json_arena *memory, const otel__json *json, otel_value *out)
{
    otel_value *values = otel__json_allocate(memory, json->size * sizeof *values);
    if (!values) return false;
    *out = otel_array(values, json->size);
    for (const otel__json *item = json->first; item; item = item->next) {
        if (!field_value(memory, item, values++)) return false;
    }
    return true;
}

static bool field_value(otel__json_arena *memory, const otel__json *json, otel_value *out)
{
    if (is_bytes(json)) return bytes_value(memory, json, out);
    if (json->type == OTEL__JSON_ARRAY) return repeated_value(memory, json, out);
    return otel__json_value(memory, json, false, out);
}

static void add_field(otel__builder *b, const char *key, uint32_t key_size, const otel__json *json)
{
    otel_value value;
    if (field_value(b->memory, json, &value))
        otel__builder_add(b, otel_attrn(key, key_size, value));
    else
        b->out_of_memory = true;
}

/* Under the name that it has in the journal. */
static void keep_field(otel__builder *b, const otel__json *json)
{
    char *key = otel__json_allocate(b->memory, PREFIX_SIZE + (size_t)json->key_size);
    if (!key) {
        b->out_of_memory = true;
        return;
    }
    memcpy(key, prefix, PREFIX_SIZE);
    memcpy(key + PREFIX_SIZE, json->key, json->key_size);
    add_field(b, key, PREFIX_SIZE + json->key_size, json);
}

static void keep_wrong(otel__builder *b, const otel__json *json, const char *complaint)
{
    b->complaint = complaint;
    keep_field(b, json);
}

static void take_int(otel__builder *b, const char *key, const otel__json *json)
{
    int64_t number;
    if (read_number(json, &number))
        otel__builder_add(b, OTEL_INT(key, number));
    else
        keep_field(b, json); /* programs write what they like: "?" as a line, several processes */
}

static void take_severity(otel__builder *b, const otel__json *json)
{
    int64_t level;
    if (read_number(json, &level) && level >= 0 && level <= 7)
        otel__set_level(b->record, otel__syslog_level((unsigned)level));
    else
        keep_wrong(b, json, "a PRIORITY is not 0 to 7");
}

static void take_time(otel__builder *b, const otel__json *json)
{
    int64_t microseconds;
    if (read_number(json, &microseconds) && microseconds >= 0 && (uint64_t)microseconds <= UINT64_MAX / 1000u)
        b->record->time_unix_nano = (uint64_t)microseconds * 1000u;
    else
        keep_wrong(b, json, "a __REALTIME_TIMESTAMP is no number of microseconds");
}

static void take_field(otel__builder *b, const field *known, const otel__json *json, const otel__json *ids[3])
{
    switch (known->kind) {
    case AS_BODY:
        b->out_of_memory |= !field_value(b->memory, json, &b->record->body);
        break;
    case AS_SEVERITY:
        take_severity(b, json);
        break;
    case AS_TIME:
        take_time(b, json);
        break;
    case AS_INT:
        take_int(b, known->key, json);
        break;
    case AS_TEXT:
        add_field(b, known->key, otel_size_of(known->key), json);
        break;
    default:
        ids[known->kind - AS_TRACE_ID] = json;
    }
}

/* Programs may mean something else by these names: then they are fields like others, and no fault of the line. */
static void take_span_context(otel__builder *b, const otel__json *const ids[3])
{
    const char *kept = b->complaint;
    unsigned left = otel__builder_set_span(b, ids[0], ids[1], ids[2]);
    b->complaint = kept;
    for (int i = 0; i < 3; i++) {
        if (ids[i] && (left & 1u << i)) keep_field(b, ids[i]);
    }
}

bool otel__journal_record_read(otel__builder *b, const otel__json *entry)
{
    const otel__json *ids[3] = {NULL};
    if (!otel__builder_begin(b, entry->size)) return false;
    for (const otel__json *member = entry->first; member; member = member->next) {
        const field *known = find_field(member);
        if (known)
            take_field(b, known, member, ids);
        else
            keep_field(b, member);
    }
    take_span_context(b, ids);
    otel__builder_end(b, false);
    return !b->out_of_memory;
}
