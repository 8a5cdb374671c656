/* From what a call gave to a clean record, and from a record to what the writer takes. */
#include "record.h"
#include <string.h>

static const char code_file[] = "code.file.path", code_line[] = "code.line.number",
                  code_function[] = "code.function.name";

typedef struct collection {
    otel_attr *room;
    uint32_t count, most, dropped;
} collection;

static otel_attr *find(const collection *c, const otel_attr *attr)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->room[i].key_size == attr->key_size && memcmp(c->room[i].key, attr->key, attr->key_size) == 0)
            return &c->room[i];
    return NULL;
}

/* Overwriting a key is not an addition (Common, "Attribute Limits"). */
static void put(collection *c, const otel_attr *attr)
{
    otel_attr *present = find(c, attr);
    if (present)
        *present = *attr;
    else if (c->count < c->most)
        c->room[c->count++] = *attr;
    else
        c->dropped++;
}

/* What is derived never beats what was given. */
static void put_derived(collection *c, otel_attr attr)
{
    if (!find(c, &attr)) put(c, &attr);
}

static otel_str text_of(const otel_attr *field)
{
    return (otel_str){field->value.u.string, field->value.size};
}

static void take_context(otel_log_record *record, const otel_context *context)
{
    if (!context) return;
    record->context = context;
    record->span_context = context->span_context;
}

static void take_field(otel_log_record *record, const otel_attr *field)
{
    const otel_span_context *given = field->value.u.data;
    switch (field->value.type) {
    case OTEL_TYPE_WITH_CONTEXT:
        take_context(record, field->value.u.data);
        break;
    case OTEL_TYPE_WITH_SPAN_CONTEXT:
        if (given) record->span_context = *given;
        break;
    case OTEL_TYPE_WITH_TIME:
        record->time_unix_nano = (uint64_t)field->value.u.integer;
        break;
    case OTEL_TYPE_WITH_OBSERVED_TIME:
        record->observed_time_unix_nano = (uint64_t)field->value.u.integer;
        break;
    case OTEL_TYPE_WITH_EVENT_NAME:
        record->event_name = text_of(field);
        break;
    case OTEL_TYPE_WITH_SEVERITY_TEXT:
        record->severity_text = text_of(field);
        break;
    default:
        break; /* of a newer library, or of spans */
    }
}

static const char *exception_key(const otel_attr *field)
{
    switch (field->value.type) {
    case OTEL_TYPE_WITH_EXCEPTION_TYPE:
        return "exception.type";
    case OTEL_TYPE_WITH_EXCEPTION_MESSAGE:
        return "exception.message";
    case OTEL_TYPE_WITH_EXCEPTION_STACKTRACE:
        return "exception.stacktrace";
    default:
        return NULL;
    }
}

static void put_exceptions(collection *c, const otel_attr *attributes, size_t count)
{
    for (size_t i = 0; i < count && attributes[i].value.type != OTEL_TYPE_END; i++) {
        const char *key = attributes[i].key ? NULL : exception_key(&attributes[i]);
        if (key)
            put_derived(c, otel_attr_of(key, otel_stringn(attributes[i].value.u.string, attributes[i].value.size)));
    }
}

static bool names_code(const collection *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->room[i].key_size >= sizeof code_file - 1 && memcmp(c->room[i].key, "code.", 5) == 0) return true;
    return false;
}

/* Only when somebody names one of the three himself; else the writer has a shorter way. */
static void spell_out_site(collection *c, otel_log_record *record)
{
    if (!record->site || !names_code(c)) return;
    put_derived(c, OTEL_STR(code_file, record->site->file));
    put_derived(c, OTEL_INT(code_line, record->site->line));
    put_derived(c, OTEL_STR(code_function, record->site->function));
    record->site = NULL;
}

void otel__record_prepare(otel_log_record *record, const otel_attr *attributes, size_t count,
                          otel_attr room[OTEL__FLAT_MAX])
{
    collection c = {room, 0, OTEL__ATTRIBUTES_MAX, 0};
    bool exceptions = false;
    if (!attributes) count = 0;
    for (size_t i = 0; i < count && attributes[i].value.type != OTEL_TYPE_END; i++) {
        if (otel__wire_is_attribute(&attributes[i]))
            put(&c, &attributes[i]);
        else if (attributes[i].value.type < 64)
            c.dropped++; /* no key, or an empty one */
        else if (!attributes[i].key && exception_key(&attributes[i]))
            exceptions = true;
        else if (!attributes[i].key)
            take_field(record, &attributes[i]);
    }
    if (exceptions) put_exceptions(&c, attributes, count);
    spell_out_site(&c, record);
    record->attributes = room;
    record->attribute_count = c.count;
    record->dropped_attribute_count += c.dropped;
}

static otel__record_input plain_input(const otel_log_record *r)
{
    return (otel__record_input){.time = r->time_unix_nano,
                                .observed = r->observed_time_unix_nano,
                                .site = r->site,
                                .attributes = r->attributes,
                                .count = r->attribute_count,
                                .severity = r->severity,
                                .body = r->body,
                                .severity_text = r->severity_text,
                                .event_name = r->event_name,
                                .span_context = otel_span_context_valid(&r->span_context) ? &r->span_context : NULL,
                                .dropped_attribute_count = r->dropped_attribute_count,
                                .value_length_limit = UINT32_MAX,
                                .depth_limit = OTEL__DEPTH_MAX};
}

static bool as_it_came(const otel__record_state *s)
{
    return !s || (!s->encoded && !s->change_count);
}

otel__record_input otel__record_input_of(const otel_log_record *record, otel_attr room[OTEL__FLAT_MAX])
{
    const otel__record_state *s = record->otel_private;
    if (as_it_came(s)) return plain_input(record);
    otel_log_record flat = *record;
    collection c = {room, 0, OTEL__FLAT_MAX - 3, 0};
    otel_attr attr;
    for (otel_iter it = otel_log_record_attrs(record); otel__record_attr_next(&it, &attr);) put(&c, &attr);
    c.most = OTEL__FLAT_MAX;
    spell_out_site(&c, &flat);
    otel__record_input input = plain_input(&flat);
    input.attributes = room;
    input.count = c.count;
    input.dropped_attribute_count += c.dropped;
    if (input.span_context) input.span_context = &record->span_context;
    return input;
}

static __attribute__((noinline)) void hand_over_changed(const otel_log_record *record, otel__record_taker *take,
                                                        void *context)
{
    otel_attr room[OTEL__FLAT_MAX];
    otel__record_input input = otel__record_input_of(record, room);
    take(context, &input, ((const otel__record_state *)record->otel_private)->number);
}

void otel__record_hand_over(const otel_log_record *record, otel__record_taker *take, void *context)
{
    const otel__record_state *s = record->otel_private;
    if (!as_it_came(s)) {
        hand_over_changed(record, take, context);
        return;
    }
    otel__record_input input = plain_input(record);
    take(context, &input, s ? s->number : 0);
}
