/* Reading and changing a record's attributes: the base it came with, and a short list of changes on top. */
#include "record.h"
#include "wire/reader.h"
#include <otel/sdk/diag.h>
#include <string.h>

/* otel_iter.otel_private: [0] where in the base (memory), [1] where in the changes. */
enum { BASE = 0, CHANGES = 1 };

static bool same_key(const otel_attr *a, const char *key, size_t size)
{
    return a->key_size == size && memcmp(a->key, key, size) == 0;
}

static const otel__record_state *state_of(const otel_log_record *record)
{
    return record->otel_private;
}

/* The last change of that key before `end`; NULL: none. */
static const otel__change *find_change(const otel__record_state *s, uint32_t begin, const char *key, size_t size)
{
    for (uint32_t i = s ? s->change_count : 0; i > begin; i--)
        if (same_key(&s->changes[i - 1].attr, key, size)) return &s->changes[i - 1];
    return NULL;
}

otel_iter otel_log_record_attrs(const otel_log_record *record)
{
    otel_iter it = {.record = record};
    if (!record) return it;
    const otel__record_state *s = state_of(record);
    if (s && s->encoded) {
        it.at = s->encoded;
        it.end = s->encoded_end;
    }
    return it;
}

/* Given by hand, an array may hold fields, marks and the same key twice; what the SDK made does not. */
static bool raw_next(otel_iter *it, otel_attr *attr)
{
    const otel_log_record *r = it->record;
    while (it->otel_private[BASE] < r->attribute_count) {
        *attr = r->attributes[it->otel_private[BASE]++];
        if (attr->value.type == OTEL_TYPE_END)
            it->otel_private[BASE] = r->attribute_count;
        else if (otel__wire_is_attribute(attr))
            return true;
    }
    return false;
}

static bool base_next(otel_iter *it, otel_attr *attr)
{
    const otel__record_state *s = state_of(it->record);
    if (s && s->encoded) {
        otel_iter raw = {.at = it->at, .end = it->end};
        bool found = otel__attributes_next(&raw, attr);
        it->at = raw.at;
        return found;
    }
    return it->record->attributes && raw_next(it, attr);
}

bool otel__record_attr_next(otel_iter *it, otel_attr *attr)
{
    const otel__record_state *s = state_of(it->record);
    while (base_next(it, attr))
        if (!find_change(s, 0, attr->key, attr->key_size)) return true;
    while (s && it->otel_private[CHANGES] < s->change_count) {
        const otel__change *change = &s->changes[it->otel_private[CHANGES]++];
        bool newest = !find_change(s, (uint32_t)it->otel_private[CHANGES], change->attr.key, change->attr.key_size);
        if (!newest || change->removed) continue;
        *attr = change->attr;
        return true;
    }
    return false;
}

bool otel_log_record_get(const otel_log_record *record, const char *key, otel_value *value)
{
    if (!record || !key || !value) return false;
    size_t size = strlen(key);
    bool found = false;
    otel_attr attr;
    for (otel_iter it = otel_log_record_attrs(record); otel__record_attr_next(&it, &attr);)
        if (same_key(&attr, key, size)) {
            *value = attr.value;
            found = true; /* go on: in an array given by hand the last one counts */
        }
    return found;
}

static bool change(otel_log_record *record, otel_attr attr, bool removed)
{
    otel__record_state *s = record ? record->otel_private : NULL;
    if (!s || !s->changes || !attr.key || !attr.key_size || attr.value.type >= 64) return false;
    if (s->change_count == OTEL__CHANGES_MAX) {
        otel_diag(OTEL_SEVERITY_WARN, "processor", "a record was changed more than %d times: \"%.*s\" stays as it was",
                  OTEL__CHANGES_MAX, attr.key_size > 64 ? 64 : (int)attr.key_size, attr.key);
        return false;
    }
    s->changes[s->change_count++] = (otel__change){attr, removed};
    return true;
}

bool otel_log_record_set(otel_log_record *record, otel_attr attr)
{
    return change(record, attr, false);
}

bool otel_log_record_remove(otel_log_record *record, const char *key)
{
    otel_value ignored;
    if (!record || !key || !record->otel_private) return false;
    if (!otel_log_record_get(record, key, &ignored)) return true;
    return change(record, otel_attr_of(key, otel_empty()), true);
}

bool otel__record_decode(const uint8_t *bytes, size_t size, otel_log_record *record, otel__record_state *state)
{
    otel__record_view view;
    if (!otel__record_read(bytes, size, &view)) return false;
    record->severity = view.severity;
    record->time_unix_nano = view.time;
    record->observed_time_unix_nano = view.observed;
    record->body = view.body;
    record->severity_text = view.severity_text;
    record->event_name = view.event_name;
    record->attributes = NULL;
    record->attribute_count = view.attribute_count;
    record->dropped_attribute_count = view.dropped_attribute_count;
    record->site = NULL;
    record->span_context = view.span_context;
    record->otel_private = state;
    state->encoded = view.attributes ? view.attributes : bytes;
    state->encoded_end = view.attributes ? view.attributes_end : bytes;
    state->change_count = 0;
    return true;
}
