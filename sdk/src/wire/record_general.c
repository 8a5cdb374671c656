/* The general way of the record writer: every field, every kind of value, limits; and the second look at text. */
#include "record_short.h"
#include "utf8.h"

enum { CODE_ATTRIBUTES = 3 };

/* In plan->attribute_kinds: what is passed over, what the short way can write, the rest. */
enum { NO_ATTRIBUTE, SMALL_ATTRIBUTE, ANY_ATTRIBUTE };

static size_t size_of(otel_str text)
{
    return text.data != NULL ? text.size : 0;
}

static uint32_t count_of(const otel__record_input *input)
{
    return input->attributes != NULL ? input->count : 0;
}

static const otel_span_context *span_context_of(const otel__record_input *input)
{
    const otel_span_context *span_context = input->span_context;
    return span_context != NULL && otel__record_has_trace_id(span_context) ? span_context : NULL;
}

static uint32_t add_code_text(otel_attr *to, const char *key, const char *text, size_t size)
{
    if (text == NULL || size == 0) return 0;
    *to = otel_attr_of(key, otel_stringn(text, size));
    return 1;
}

/* What is known of the site, as attributes; how many. */
static uint32_t code_attributes(const otel_log_site *site, otel_attr out[CODE_ATTRIBUTES])
{
    uint32_t n = 0;
    bool sized = site->size >= sizeof *site; /* an older one ends before the sizes */
    n += add_code_text(&out[n], "code.file.path", site->file, sized ? site->file_size : otel_size_of(site->file));
    n += add_code_text(&out[n], "code.function.name", site->function,
                       sized ? site->function_size : otel_size_of(site->function));
    if (site->line > 0) out[n++] = otel_attr_of("code.line.number", otel_int(site->line));
    return n;
}

/* Walks begin without limits, for the body; from then on those of attributes hold. */
static void set_limits(otel__wire_walk *walk, const otel__record_input *input)
{
    walk->length_limit = input->value_length_limit;
    walk->depth_limit = input->depth_limit < OTEL__WIRE_DEPTH ? input->depth_limit : OTEL__WIRE_DEPTH;
}

/* Whether it goes the short way's way, and the length of its KeyValue then. */
OTEL__WIRE_INLINE bool is_small(const otel__wire_walk *walk, const otel_attr *attr, uint64_t *size)
{
    uint64_t odd = 0;
    *size = otel__record_small_size(attr, &odd);
    if (attr->value.type == OTEL_TYPE_STRING && attr->value.size > walk->length_limit) return false;
    return *size < 128 && (int64_t)odd >= 0 && attr->key_size != 0;
}

/* The framed length, and the kind. */
static __attribute__((noinline)) uint64_t attribute_size(otel__wire_walk *walk, const otel_attr *attr, uint8_t *kind)
{
    uint64_t size;
    *kind = SMALL_ATTRIBUTE;
    if (is_small(walk, attr, &size)) return 2 + size;
    *kind = NO_ATTRIBUTE;
    if (!otel__wire_is_attribute(attr)) return 0;
    *kind = ANY_ATTRIBUTE;
    return otel__wire_framed_size(otel__wire_is_whole_text(walk, &attr->value)
                                      ? otel__wire_text_key_value_size(attr)
                                      : otel__wire_key_value_size(walk, attr, 1));
}

static uint64_t attributes_size(otel__wire_walk *walk, const otel__record_input *input, otel__record_plan *plan)
{
    uint64_t total = 0;
    uint8_t behind;
    for (uint32_t i = 0, count = count_of(input); i < count && total < OTEL__RECORD_TOO_LARGE; i++) {
        uint8_t *kind = i < OTEL__RECORD_PLANNED ? &plan->attribute_kinds[i] : &behind;
        total += attribute_size(walk, &input->attributes[i], kind);
    }
    return total;
}

static uint64_t code_size(otel__wire_walk *walk, const otel_log_site *site)
{
    otel_attr code[CODE_ATTRIBUTES];
    uint8_t kind;
    uint64_t total = 0;
    for (uint32_t i = 0, n = code_attributes(site, code); i < n; i++) total += attribute_size(walk, &code[i], &kind);
    return total;
}

/* An empty body is left out. */
static uint64_t body_size(otel__wire_walk *walk, const otel_value *body)
{
    if (body->type == OTEL_TYPE_EMPTY) return 0;
    return otel__wire_framed_size(otel__wire_value_size(walk, body, 1));
}

static uint64_t severity_size(const otel__record_input *input)
{
    uint32_t number = otel__record_severity_of(input);
    if (input->severity_text.data == NULL) return otel__record_severities[number].size;
    return (number != 0 ? 2u : 0u) + otel__wire_text_size(input->severity_text.size);
}

static uint64_t ids_size(const otel_span_context *span_context)
{
    if (span_context == NULL) return 0;
    return otel__record_has_span_id(span_context) ? OTEL__RECORD_IDS : OTEL__RECORD_IDS - 10;
}

uint32_t otel__record_size_general(const otel__record_input *input, otel__record_plan *plan)
{
    otel__wire_walk walk = otel__wire_walk_begin();
    uint64_t total = OTEL__RECORD_TIMES + severity_size(input) + ids_size(span_context_of(input));
    walk.learned = &plan->nested;
    total += body_size(&walk, &input->body);
    set_limits(&walk, input);
    total += attributes_size(&walk, input, plan);
    if (input->site != NULL) total += code_size(&walk, input->site);
    total += otel__wire_text_size(size_of(input->event_name));
    if (input->dropped_attribute_count != 0) total += 1 + otel__wire_varint_size(input->dropped_attribute_count);
    if (total > OTEL__RECORD_TOO_LARGE - 6) return plan->total = OTEL__RECORD_TOO_LARGE;
    plan->general = 1;
    plan->content = (uint32_t)total;
    return plan->total = (uint32_t)otel__wire_framed_size(total);
}

static __attribute__((noinline)) uint8_t *put_text(uint8_t *at, uint8_t tag, otel_str text, otel__wire_high *high)
{
    if (size_of(text) == 0) return at;
    return otel__wire_copy(otel__wire_put_head(at, tag, text.size), text.data, text.size, high);
}

static __attribute__((noinline)) uint8_t *put_attribute(uint8_t *at, otel__wire_walk *walk, const otel_attr *attr,
                                                        uint8_t kind)
{
    if (kind == NO_ATTRIBUTE) return at;
    if (kind == SMALL_ATTRIBUTE) return otel__record_put_small(at, attr, &walk->high);
    if (otel__wire_is_whole_text(walk, &attr->value)) return otel__wire_put_text_key_value(at, 0x32, attr, &walk->high);
    return otel__wire_put_key_value(at, 0x32, walk, attr, 1);
}

static uint8_t *put_attributes(uint8_t *at, otel__wire_walk *walk, const otel__record_input *input,
                               const otel__record_plan *plan)
{
    for (uint32_t i = 0, count = count_of(input); i < count; i++) {
        const otel_attr *attr = &input->attributes[i];
        uint8_t behind = otel__wire_is_attribute(attr) ? ANY_ATTRIBUTE : NO_ATTRIBUTE;
        at = put_attribute(at, walk, attr, i < OTEL__RECORD_PLANNED ? plan->attribute_kinds[i] : behind);
    }
    return at;
}

static uint8_t *put_code(uint8_t *at, otel__wire_walk *walk, const otel_log_site *site)
{
    otel_attr code[CODE_ATTRIBUTES];
    for (uint32_t i = 0, n = code_attributes(site, code); i < n; i++) {
        uint64_t size;
        at = put_attribute(at, walk, &code[i], is_small(walk, &code[i], &size) ? SMALL_ATTRIBUTE : ANY_ATTRIBUTE);
    }
    return at;
}

static uint8_t *put_ids(uint8_t *at, const otel_span_context *span_context)
{
    if (span_context == NULL) return at;
    at = otel__record_put_trace_id(at, span_context);
    if (otel__record_has_span_id(span_context)) at = otel__record_put_span_id(at, span_context);
    return otel__record_put_flags(at, span_context);
}

static void put_tail(uint8_t *at, const otel__record_input *input, otel__wire_high *high)
{
    if (input->severity_text.data == NULL) {
        otel__record_put_tail(at, &otel__record_severities[otel__record_severity_of(input)], input);
        return;
    }
    uint32_t number = otel__record_severity_of(input);
    if (number != 0) at = otel__wire_put_head(at, 0x10, number);
    otel__record_put_times(put_text(at, 0x1a, input->severity_text, high), input);
}

static uint8_t *put_body(uint8_t *at, otel__wire_walk *walk, const otel_value *body)
{
    if (otel__wire_is_whole_text(walk, body)) return otel__wire_put_text_value(at, 0x2a, body, &walk->high);
    return body->type == OTEL_TYPE_EMPTY ? at : otel__wire_put_value(at, 0x2a, walk, body, 1);
}

void otel__record_write_general(uint8_t *at, const otel__record_input *input, const otel__record_plan *plan)
{
    otel__wire_walk walk = otel__wire_walk_begin();
    uint8_t *p = otel__wire_put_head(at, 0x12, plan->content);
    walk.known = &plan->nested;
    p = put_body(p, &walk, &input->body);
    set_limits(&walk, input);
    p = put_attributes(p, &walk, input, plan);
    if (input->site != NULL) p = put_code(p, &walk, input->site);
    p = put_ids(p, span_context_of(input));
    p = put_text(p, 0x62, input->event_name, &walk.high);
    if (input->dropped_attribute_count != 0) p = otel__wire_put_head(p, 0x38, input->dropped_attribute_count);
    put_tail(p, input, &walk.high);
    if (OTEL_UNLIKELY(otel__wire_any_high(&walk.high))) otel__record_mend(at, plan->total, plan->content);
}

/* One field of a record that this writer wrote: tag, then a word, a varint, or a length and bytes. */
static uint8_t *mend_field(uint8_t *at)
{
    uint8_t tag = *at++;
    if (tag == 0x09 || tag == 0x59) return at + 8;
    if (tag == 0x45) return at + 4;
    size_t size;
    at = otel__wire_written_length(at, &size);
    if (tag == 0x10 || tag == 0x38) return at;
    if (tag == 0x2a) otel__wire_mend_value(at, size);
    if (tag == 0x32) otel__wire_mend_key_value(at, size);
    if (tag == 0x1a || tag == 0x62) otel__utf8_mend(at, size);
    return at + size;
}

void otel__record_mend(uint8_t *at, uint32_t total, uint32_t content)
{
    uint8_t *end = at + total;
    at = end - content;
    while (at < end) at = mend_field(at);
}
