/* The short way of the record writer, inlined where records are emitted: the body is a string, the attributes are
 * strings and scalars of less than 128 encoded bytes each, so that their lengths are single bytes. And what it shares
 * with the general way. Every log call pays for every instruction here: DESIGN.md has the count. */
#ifndef OTEL__WIRE_RECORD_SHORT_H
#define OTEL__WIRE_RECORD_SHORT_H
#include "record_writer.h"

/* Shared by the two ways. ------------------------------------------------------------------------------------------ */

uint32_t otel__record_size_general(const otel__record_input *input, otel__record_plan *plan);
void otel__record_write_general(uint8_t *at, const otel__record_input *input, const otel__record_plan *plan);
/* The second look at a finished record that holds bytes above 0x7f. */
void otel__record_mend(uint8_t *at, uint32_t total, uint32_t content);

/* The two times end every record: 18 bytes, so that a store in front of them may run that far ahead and stay inside. */
enum { OTEL__RECORD_TIMES = 18, OTEL__RECORD_IDS = 33 };

/* Severity number and short name, ready to be stored: 0x10 number 0x1a length text; how many bytes, in the last one. */
struct otel__record_severity {
    uint8_t bytes[15], size;
};
_Static_assert(sizeof(otel__record_severity) <= OTEL__RECORD_TIMES, "stored as a whole in front of the times");
extern const otel__record_severity otel__record_severities[25];

OTEL__WIRE_INLINE uint32_t otel__record_severity_of(const otel__record_input *input)
{
    return (uint32_t)input->severity <= 24 ? (uint32_t)input->severity : 0;
}

OTEL__WIRE_INLINE void otel__record_put_times(uint8_t *at, const otel__record_input *input)
{
    at[0] = 0x09;
    otel__wire_le64(at + 1, input->time);
    at[9] = 0x59;
    otel__wire_le64(at + 10, input->observed);
}

OTEL__WIRE_INLINE void otel__record_put_tail(uint8_t *at, const otel__record_severity *severity,
                                             const otel__record_input *input)
{
    memcpy(at, severity, sizeof *severity);
    otel__record_put_times(at + severity->size, input);
}

OTEL__WIRE_INLINE bool otel__record_has_trace_id(const otel_span_context *span_context)
{
    uint64_t half[2];
    memcpy(half, span_context->trace_id, sizeof half);
    return (half[0] | half[1]) != 0;
}

OTEL__WIRE_INLINE bool otel__record_has_span_id(const otel_span_context *span_context)
{
    uint64_t id;
    memcpy(&id, span_context->span_id, sizeof id);
    return id != 0;
}

/* A varint without a loop: n = otel__wire_varint_size(v) is known. Groups of 7 bits are moved apart by halves. Stores 4
 * bytes up to 4, 8 bytes up to 8. */
OTEL__WIRE_INLINE uint8_t *otel__record_put_varint(uint8_t *at, uint64_t v, uint32_t n)
{
    if (n == 1) {
        *at = (uint8_t)v;
    } else if (OTEL__LIKELY(n <= 4)) {
        uint32_t w = (uint32_t)v;
        w = (w & 0x00003fff) | (w & 0x0fffc000) << 2; /* 14 bits a half */
        w = (w & 0x007f007f) | (w & 0x3f803f80) << 1; /* 7 bits a byte */
        otel__wire_le32(at, w | 0x80808080u >> (40 - 8 * n));
    } else if (OTEL__LIKELY(n <= 8)) {
        v = (v & 0x0fffffffu) | (v & 0xfffffff0000000u) << 4;           /* 28 bits a half */
        v = (v & 0x00003fff00003fffu) | (v & 0x0fffc0000fffc000u) << 2; /* 14 bits a quarter */
        v = (v & 0x007f007f007f007fu) | (v & 0x3f803f803f803f80u) << 1; /* 7 bits a byte */
        otel__wire_le64(at, v | UINT64_C(0x8080808080808080) >> (72 - 8 * n));
    } else {
        otel__wire_put_varint(at, v);
    }
    return at + n;
}

/* Tag, length, tag, length in four bytes. Three stores, because putting them together first takes more. */
OTEL__WIRE_INLINE uint8_t *otel__record_put_heads(uint8_t *at, uint32_t tags, uint32_t outer, uint32_t inner)
{
    otel__wire_le32(at, tags);
    at[1] = (uint8_t)outer;
    at[3] = (uint8_t)inner;
    return at + 4;
}

/* What a KeyValue of this type adds to its key, a string's own size and an int's varint; 128: not for the short way. */
extern const uint8_t otel__record_base[256];

/* Length of the KeyValue when it is for the short way: below 128, *odd without its highest bit, which a pointer that is
 * NULL turns on. No branch but on the type. Empty keys are for the caller to find. */
OTEL__WIRE_INLINE uint64_t otel__record_small_size(const otel_attr *attr, uint64_t *odd)
{
    uint32_t type = attr->value.type;
    uint64_t key_size = attr->key_size;
    *odd |= (uint64_t)(uintptr_t)attr->key - 1;
    if (type == OTEL_TYPE_STRING) {
        *odd |= (uint64_t)(uintptr_t)attr->value.u.string - 1;
        return key_size + attr->value.size + 6;
    }
    if (type == OTEL_TYPE_INT) return key_size + otel__wire_varint_size((uint64_t)attr->value.u.integer) + 5;
    return key_size + otel__record_base[type];
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_small_value(uint8_t *at, const otel_value *value, otel__wire_high *high)
{
    uint32_t type = value->type, n = value->size;
    if (type == OTEL_TYPE_STRING)
        return otel__wire_copy(otel__record_put_heads(at, 0x000a0012, n + 2, n), value->u.string, n, high);
    if (type == OTEL_TYPE_INT) {
        n = otel__wire_varint_size((uint64_t)value->u.integer);
        otel__wire_le32(at, 0x00180012);
        at[1] = (uint8_t)(n + 1);
        return otel__record_put_varint(at + 3, (uint64_t)value->u.integer, n);
    }
    if (type == OTEL_TYPE_BOOL) {
        uint8_t truth;
        memcpy(&truth, &value->u.boolean, 1); /* may be neither 0 nor 1, and must do no harm then */
        otel__wire_le32(at, 0x00100212);
        at[3] = truth != 0;
        return at + 4;
    }
    if (type == OTEL_TYPE_DOUBLE) {
        otel__wire_le32(at, 0x00210912);
        otel__wire_le64(at + 3, (uint64_t)value->u.integer);
        return at + 11;
    }
    otel__wire_le16(at, 0x0012); /* OTEL_TYPE_EMPTY: an AnyValue with nothing in it */
    return at + 2;
}

/* An attribute of the short way, as field 6. Its length is known when it is written. */
OTEL__WIRE_INLINE uint8_t *otel__record_put_small(uint8_t *at, const otel_attr *attr, otel__wire_high *high)
{
    uint32_t key_size = attr->key_size;
    uint8_t *end = otel__wire_copy(otel__record_put_heads(at, 0x000a0032, 0, key_size), attr->key, key_size, high);
    end = otel__record_put_small_value(end, &attr->value, high);
    at[1] = (uint8_t)(end - at - 2);
    return end;
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_trace_id(uint8_t *at, const otel_span_context *span_context)
{
    otel__wire_le16(at, 0x104a);
    memcpy(at + 2, span_context->trace_id, 16);
    return at + 18;
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_span_id(uint8_t *at, const otel_span_context *span_context)
{
    otel__wire_le16(at, 0x0852);
    memcpy(at + 2, span_context->span_id, 8);
    return at + 10;
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_flags(uint8_t *at, const otel_span_context *span_context)
{
    at[0] = 0x45;
    otel__wire_le32(at + 1, span_context->flags);
    return at + 5;
}

/* Sizing. ---------------------------------------------------------------------------------------------------------- */

enum {
    OTEL__RECORD_LONGEST_BODY = 16000, /* its lengths take two bytes at most */
    OTEL__RECORD_FILE_KEY = 14,        /* sizes of code.file.path, code.function.name, code.line.number */
    OTEL__RECORD_FUNCTION_KEY = 18,
    OTEL__RECORD_LINE_KEY = 16
};

/* A bit for each length of a key (modulo 64), as their OR and as their sum: equal when no length comes twice. Then no
 * key does, and nothing need be compared. Bit 0 may stand for an empty one. */
typedef struct otel__record_keys {
    uint64_t lengths, sum;
} otel__record_keys;

/* Of at most eight keys. The sum of bits below 61 cannot wrap around. */
OTEL__WIRE_INLINE bool otel__record_keys_differ(const otel__record_keys *keys)
{
    return keys->lengths == keys->sum && keys->lengths >> 61 == 0;
}

OTEL__WIRE_INLINE void otel__record_note_key(otel__record_keys *keys, uint32_t key_size)
{
    uint64_t bit = UINT64_C(1) << (key_size & 63);
    keys->lengths |= bit;
    keys->sum += bit;
}

/* The three code.* attributes with their frames. *big collects lengths, *odd reasons against the short way. */
OTEL__WIRE_INLINE uint64_t otel__record_code_size(const otel_log_site *site, uint64_t *big, uint64_t *odd)
{
    if (OTEL_UNLIKELY(site->size < sizeof *site)) {
        *odd = UINT64_MAX; /* an older one, without the sizes */
        return 0;
    }
    uint64_t file = site->file_size, function = site->function_size;
    *odd |= (file - 1) | (function - 1) | ((uint64_t)(int64_t)site->line - 1) | ((uint64_t)(uintptr_t)site->file - 1) |
            ((uint64_t)(uintptr_t)site->function - 1);
    file += OTEL__RECORD_FILE_KEY + 6;
    function += OTEL__RECORD_FUNCTION_KEY + 6;
    uint32_t line = OTEL__RECORD_LINE_KEY + 5 + otel__wire_varint_size((uint32_t)site->line);
    *big |= file | function;
    return file + function + line + 6;
}

OTEL__WIRE_INLINE uint64_t otel__record_ids_size(const otel_span_context *span_context, uint64_t *odd)
{
    if (!otel__record_has_trace_id(span_context) || !otel__record_has_span_id(span_context)) *odd = UINT64_MAX;
    return OTEL__RECORD_IDS;
}

/* Fields and limits that the short way knows nothing of. Its values are shorter than 128 bytes. */
OTEL__WIRE_INLINE bool otel__record_is_unusual(const otel__record_input *input)
{
    return ((uintptr_t)input->severity_text.data | input->event_name.size | input->dropped_attribute_count) != 0 ||
           input->value_length_limit < 128 || input->count > OTEL__RECORD_PLANNED ||
           (input->count != 0 && input->attributes == NULL) || input->body.type != OTEL_TYPE_STRING ||
           input->body.size > OTEL__RECORD_LONGEST_BODY || (uint32_t)input->severity > 24;
}

/* Bytes that the record takes; 0: it is not for the short way. Keys are noted for who has to know whether they differ.
 */
OTEL__WIRE_INLINE uint32_t otel__record_size_short(const otel__record_input *input, otel__record_plan *plan,
                                                   otel__record_keys *keys)
{
    if (OTEL_UNLIKELY(otel__record_is_unusual(input))) return 0;
    uint32_t count = input->count, body = input->body.size;
    uint64_t big = 0, odd = (uint64_t)(uintptr_t)input->body.u.string - 1;
    plan->severity = &otel__record_severities[(uint32_t)input->severity];
    uint64_t total = OTEL__RECORD_TIMES + plan->severity->size + 2 * (uint64_t)count;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t size = otel__record_small_size(&input->attributes[i], &odd);
        otel__record_note_key(keys, input->attributes[i].key_size);
        big |= size;
        total += size;
    }
    if (input->site != NULL) total += otel__record_code_size(input->site, &big, &odd);
    if (input->span_context != NULL) total += otel__record_ids_size(input->span_context, &odd);
    if (OTEL_UNLIKELY(big >= 128 || (int64_t)odd < 0 || (keys->lengths & 1) != 0)) return 0;
    uint32_t content = (uint32_t)total + body + (body < 126 ? 4 : body < 128 ? 5 : 6);
    plan->general = 0;
    plan->content = content;
    return plan->total = content + (content < 128 ? 2 : content < 16384 ? 3 : 4);
}

/* Writing. --------------------------------------------------------------------------------------------------------- */

OTEL__WIRE_INLINE uint8_t *otel__record_put_frame(uint8_t *at, uint32_t n)
{
    at[0] = 0x12;
    if (OTEL__LIKELY(n - 128 < 16384 - 128)) {
        at[1] = (uint8_t)(n | 0x80);
        at[2] = (uint8_t)(n >> 7);
        return at + 3;
    }
    return otel__wire_put_varint(at + 1, n);
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_body(uint8_t *at, const otel_value *body, otel__wire_high *high)
{
    uint32_t n = body->size;
    if (OTEL__LIKELY(n < 126)) {
        at = otel__record_put_heads(at, 0x000a002a, n + 2, n);
    } else {
        at = otel__wire_put_head(at, 0x2a, n + 2 + (n > 127));
        at = otel__wire_put_head(at, 0x0a, n);
    }
    return otel__wire_copy(at, body->u.string, n, high);
}

/* A code.* attribute up to the length of its text, or up to its number: a constant of `size` bytes in which two lengths
 * are filled in. It ends with the value's tag and length and the tag inside. */
OTEL__WIRE_INLINE uint8_t *otel__record_put_code_head(uint8_t *at, const char *head, size_t size, uint32_t length,
                                                      uint32_t value_length)
{
    memcpy(at, head, size);
    at[1] = (uint8_t)length;
    at[size - 2] = (uint8_t)value_length;
    return at + size;
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_code(uint8_t *at, const otel_log_site *site, otel__wire_high *high)
{
    /* octal: digits of a hexadecimal escape would go on into the key */
    static const char file[] = "\062\0\012\016code.file.path\022\0\012";
    static const char function[] = "\062\0\012\022code.function.name\022\0\012";
    static const char line[] = "\062\0\012\020code.line.number\022\0\030";
    uint32_t n = site->file_size;
    at = otel__record_put_code_head(at, file, sizeof file - 1, n + OTEL__RECORD_FILE_KEY + 6, n + 2);
    *at = (uint8_t)n;
    at = otel__wire_copy(at + 1, site->file, n, high);
    n = site->function_size;
    at = otel__record_put_code_head(at, function, sizeof function - 1, n + OTEL__RECORD_FUNCTION_KEY + 6, n + 2);
    *at = (uint8_t)n;
    at = otel__wire_copy(at + 1, site->function, n, high);
    n = otel__wire_varint_size((uint32_t)site->line);
    at = otel__record_put_code_head(at, line, sizeof line - 1, n + OTEL__RECORD_LINE_KEY + 5, n + 1);
    return otel__record_put_varint(at, (uint32_t)site->line, n);
}

/* What was sized by the short way. */
OTEL__WIRE_INLINE void otel__record_write_short(uint8_t *at, const otel__record_input *input,
                                                const otel__record_plan *plan)
{
    otel__wire_high high = {{0, 0}, 0};
    uint8_t *p = otel__record_put_body(otel__record_put_frame(at, plan->content), &input->body, &high);
    const otel_attr *attributes = input->attributes; /* not read again: for the compiler any store might change it */
    for (uint32_t i = 0, count = input->count; i < count; i++) {
        p = otel__record_put_small(p, &attributes[i], &high);
    }
    if (input->site != NULL) p = otel__record_put_code(p, input->site, &high);
    if (input->span_context != NULL) {
        p = otel__record_put_trace_id(p, input->span_context);
        p = otel__record_put_span_id(p, input->span_context);
        p = otel__record_put_flags(p, input->span_context);
    }
    otel__record_put_tail(p, plan->severity, input);
    if (OTEL_UNLIKELY(otel__wire_any_high(&high))) otel__record_mend(at, plan->total, plan->content);
}
#endif
