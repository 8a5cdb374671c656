/* From what a call gave to a clean record, and from a record to what the writer takes. */
#include "provider.h"
#include "record.h"
#include "wire/record_short.h"
#include <string.h>

enum { CODE_ATTRIBUTES = 3 };
static const char code_file[] = "code.file.path", code_line[] = "code.line.number",
                  code_function[] = "code.function.name";

typedef struct collection {
    otel_attr *room;
    uint32_t count, most, dropped;
} collection;

void otel__room_open(otel__room *room, size_t wanted)
{
    room->heap = wanted > OTEL__FLAT_MAX ? otel_allocate(sizeof(otel_attr) * wanted) : NULL;
    room->attributes = room->heap ? room->heap : room->small;
    room->capacity = room->heap ? (uint32_t)wanted : OTEL__FLAT_MAX;
}

void otel__room_close(otel__room *room)
{
    if (room->heap) otel_release(room->heap);
}

/* What is derived from the record's site is not counted against the limit. */
static collection collection_in(otel__room *room, uint32_t limit)
{
    uint32_t most = room->capacity - CODE_ATTRIBUTES;
    return (collection){room->attributes, 0, limit < most ? limit : most, 0};
}

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
    c->most += CODE_ATTRIBUTES;
    const otel_log_site *site = record->site;
    if (site->file && *site->file) put_derived(c, OTEL_STR(code_file, site->file));
    if (site->line > 0) put_derived(c, OTEL_INT(code_line, site->line));
    if (site->function && *site->function) put_derived(c, OTEL_STR(code_function, site->function));
    record->site = NULL;
}

/* Everything that may want a place: until the end mark, and all that is bound. */
static size_t offered(const otel_log_record *record)
{
    size_t n = 0;
    while (record->attributes && n < record->attribute_count && record->attributes[n].value.type != OTEL_TYPE_END) n++;
    for (const otel_log_attributes *l = record->context->log_attributes; l; l = l->outer)
        n = l->count < SIZE_MAX / 2 - n ? n + l->count : SIZE_MAX / 2;
    return n;
}

static void put_own(collection *c, otel_log_record *record)
{
    const otel_attr *attributes = record->attributes;
    size_t count = attributes ? record->attribute_count : 0;
    bool exceptions = false;
    for (size_t i = 0; i < count && attributes[i].value.type != OTEL_TYPE_END; i++) {
        if (otel__wire_is_attribute(&attributes[i]))
            put(c, &attributes[i]);
        else if (attributes[i].value.type < 64)
            c->dropped++; /* no key, or an empty one */
        else if (!attributes[i].key && exception_key(&attributes[i]))
            exceptions = true;
        else if (!attributes[i].key)
            take_field(record, &attributes[i]);
    }
    if (exceptions) put_exceptions(c, attributes, count);
}

/* What is bound to the context: the innermost first, and never over what the record has. */
static void put_bound(collection *c, const otel_context *context)
{
    for (const otel_log_attributes *l = context->log_attributes; l; l = l->outer)
        for (size_t i = 0; i < l->count && l->attributes[i].value.type != OTEL_TYPE_END; i++)
            if (otel__wire_is_attribute(&l->attributes[i])) put_derived(c, l->attributes[i]);
}

void otel__record_prepare(otel_log_record *record, const otel__record_limits *limits, otel__room *room)
{
    size_t wanted = limits->attribute_count > OTEL__ATTRIBUTES_DEFAULT ? offered(record) : 0;
    otel__room_open(room, (wanted < limits->attribute_count ? wanted : limits->attribute_count) + CODE_ATTRIBUTES);
    collection c = collection_in(room, limits->attribute_count);
    put_own(&c, record);
    if (record->context->log_attributes) put_bound(&c, record->context);
    spell_out_site(&c, record);
    record->attributes = room->attributes;
    record->attribute_count = c.count;
    record->dropped_attribute_count += c.dropped;
}

static const otel__record_limits *limits_of(const otel_log_record *record)
{
    static const otel__record_limits none = {UINT32_MAX, UINT32_MAX};
    const otel__record_state *s = record->otel_private;
    return s && s->provider ? &s->provider->limits : &none;
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
                                .span_context = otel__record_has_trace_id(&r->span_context) ? &r->span_context : NULL,
                                .dropped_attribute_count = r->dropped_attribute_count,
                                .value_length_limit = limits_of(r)->value_length,
                                .depth_limit = OTEL__DEPTH_MAX};
}

static bool as_it_came(const otel__record_state *s)
{
    return !s || (!s->encoded && !s->change_count);
}

otel__record_input otel__record_input_of(const otel_log_record *record, otel__room *room)
{
    const otel__record_state *s = record->otel_private;
    room->heap = NULL;
    if (as_it_came(s)) return plain_input(record);
    otel_log_record flat = *record;
    otel__room_open(room, (size_t)record->attribute_count + s->change_count + CODE_ATTRIBUTES);
    collection c = collection_in(room, limits_of(record)->attribute_count);
    otel_attr attr;
    for (otel_iter it = otel_log_record_attrs(record); otel__record_attr_next(&it, &attr);) put(&c, &attr);
    spell_out_site(&c, &flat);
    otel__record_input input = plain_input(&flat);
    input.attributes = room->attributes;
    input.count = c.count;
    input.dropped_attribute_count += c.dropped;
    if (input.span_context) input.span_context = &record->span_context;
    return input;
}

static __attribute__((noinline)) void hand_over_changed(const otel_log_record *record, otel__record_taker *take,
                                                        void *context)
{
    otel__room room;
    otel__record_input input = otel__record_input_of(record, &room);
    take(context, &input, ((const otel__record_state *)record->otel_private)->number);
    otel__room_close(&room);
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
