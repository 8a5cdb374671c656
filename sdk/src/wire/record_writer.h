/* One log record as an OTLP LogRecord, framed as field 2 of ScopeLogs: otel__record_size() first, exactly, then
 * otel__record_write() in place. Here is the short way, inlined, which nearly all records take: the body is a string,
 * the attributes are strings and scalars of less than 128 encoded bytes each, so that their lengths are single bytes.
 * record_general.c has the other. DESIGN.md tells why both look as they do. */
#ifndef OTEL__WIRE_RECORD_WRITER_H
#define OTEL__WIRE_RECORD_WRITER_H
#include "writer.h"
#include <otel/log.h>

enum {
    OTEL__RECORD_PLANNED = 128, /* attributes whose lengths are carried; more are for the general way */
    OTEL__RECORD_TOO_LARGE = OTEL__WIRE_TOO_LARGE
};

/* The record as views. Limits are for attributes, not for the body; keys are not compared. */
typedef struct otel__record_input {
    uint64_t time, observed;
    const otel_log_site *site; /* NULL: no code.* attributes */
    const otel_attr *attributes;
    uint32_t count;
    otel_severity severity;
    otel_value body;
    otel_str severity_text; /* absent: short name */
    otel_str event_name;
    const otel_span_context *span_context; /* NULL: none */
    uint32_t dropped_attribute_count;
    uint32_t value_length_limit; /* UINT32_MAX: none */
    uint32_t depth_limit;        /* 64 is also the most */
} otel__record_input;

/* What sizing found out, for writing; on the stack, not initialised. */
typedef struct otel__record_plan {
    uint32_t total, content;  /* framed, and without the frame */
    uint32_t general;         /* not the short way */
    uint32_t code_lengths[3]; /* of the code.* KeyValues; short way only */
    /* of the KeyValues; what 128 and more mean is the general way's */
    uint8_t attribute_lengths[OTEL__RECORD_PLANNED];
    otel__wire_lengths nested;
} otel__record_plan;

/* Between the two ways. -------------------------------------------------------------------------------------------- */

uint32_t otel__record_size_general(const otel__record_input *input, otel__record_plan *plan);
void otel__record_write_general(uint8_t *at, const otel__record_input *input, const otel__record_plan *plan);
/* The second look at a finished record that holds bytes above 0x7f. */
void otel__record_mend(uint8_t *at, const otel__record_plan *plan);

/* The two times end every record: 18 bytes, so that a store in front of them may run that far ahead and stay inside. */
enum { OTEL__RECORD_TIMES = 18, OTEL__RECORD_IDS = 33 };

/* Severity number and short name, ready to be stored: 0x10 number 0x1a length text; how many bytes, in the last one. */
typedef struct otel__record_severity {
    uint8_t bytes[15], size;
} otel__record_severity;
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

OTEL__WIRE_INLINE void otel__record_put_tail(uint8_t *at, const otel__record_input *input)
{
    const otel__record_severity *severity = &otel__record_severities[otel__record_severity_of(input)];
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

/* A varint without a loop: n = otel__wire_varint_size(v) is known. Stores 8 bytes when 2 <= n <= 8. */
OTEL__WIRE_INLINE uint8_t *otel__record_put_varint(uint8_t *at, uint64_t v, uint32_t n)
{
    if (OTEL__LIKELY(n == 1)) {
        *at = (uint8_t)v;
        return at + 1;
    }
    if (OTEL__LIKELY(n <= 8)) {
        v = (v & 0x0fffffffu) | (v & 0xfffffff0000000u) << 4;           /* 28 bits a half */
        v = (v & 0x00003fff00003fffu) | (v & 0x0fffc0000fffc000u) << 2; /* 14 bits a quarter */
        v = (v & 0x007f007f007f007fu) | (v & 0x3f803f803f803f80u) << 1; /* 7 bits a byte */
        otel__wire_le64(at, v | (0x8080808080808080u & ((UINT64_C(1) << (8 * (n - 1))) - 1)));
        return at + n;
    }
    return otel__wire_put_varint(at, v);
}

OTEL__WIRE_INLINE uint32_t otel__record_word(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return a | b << 8 | c << 16 | d << 24;
}

/* What a KeyValue of this type adds to its key, a string's own size and an int's varint; 128: not for the short way. */
extern const uint8_t otel__record_base[256];

/* Length of the KeyValue when it is for the short way: below 128, *odd without its highest bit. Every test on the way
 * is a subtraction that turns that bit on: NULL pointers, an empty key, a string above the limit. No branch but on the
 * type. */
OTEL__WIRE_INLINE uint64_t otel__record_small_size(const otel_attr *attr, uint64_t length_limit, uint64_t *odd)
{
    uint32_t type = attr->value.type;
    uint64_t size = (uint64_t)attr->key_size + otel__record_base[type];
    *odd |= ((uint64_t)attr->key_size - 1) | ((uint64_t)(uintptr_t)attr->key - 1);
    if (type == OTEL_TYPE_STRING) {
        size += attr->value.size;
        *odd |= (length_limit - attr->value.size) | ((uint64_t)(uintptr_t)attr->value.u.string - 1);
    } else if (type == OTEL_TYPE_INT) {
        size += otel__wire_varint_size((uint64_t)attr->value.u.integer);
    }
    return size;
}

/* An attribute of the short way, as field 6. A header of four bytes (tag, length, tag, length) is one store. */
OTEL__WIRE_INLINE uint8_t *otel__record_put_small(uint8_t *at, const otel_attr *attr, uint32_t size,
                                                  otel__wire_high *high)
{
    uint32_t key_size = attr->key_size, type = attr->value.type;
    otel__wire_le32(at, otel__record_word(0x32, size, 0x0a, key_size));
    at = otel__wire_copy(at + 4, attr->key, key_size, high);
    if (type == OTEL_TYPE_STRING) {
        uint32_t n = attr->value.size;
        otel__wire_le32(at, otel__record_word(0x12, n + 2, 0x0a, n));
        return otel__wire_copy(at + 4, attr->value.u.string, n, high);
    }
    if (type == OTEL_TYPE_INT) {
        uint32_t n = size - key_size - 5;
        otel__wire_le32(at, otel__record_word(0x12, n + 1, 0x18, 0));
        return otel__record_put_varint(at + 3, (uint64_t)attr->value.u.integer, n);
    }
    if (type == OTEL_TYPE_BOOL) {
        uint8_t truth;
        memcpy(&truth, &attr->value.u.boolean, 1); /* may be neither 0 nor 1, and must do no harm then */
        otel__wire_le32(at, otel__record_word(0x12, 2, 0x10, truth != 0));
        return at + 4;
    }
    if (type == OTEL_TYPE_DOUBLE) {
        otel__wire_le32(at, otel__record_word(0x12, 9, 0x21, 0));
        otel__wire_le64(at + 3, (uint64_t)attr->value.u.integer);
        return at + 11;
    }
    otel__wire_le16(at, 0x0012); /* OTEL_TYPE_EMPTY: an AnyValue with nothing in it */
    return at + 2;
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

/* The short way. --------------------------------------------------------------------------------------------------- */

enum {
    OTEL__RECORD_LONGEST_BODY = 16000, /* its lengths take two bytes at most */
    OTEL__RECORD_FILE_KEY = 14,        /* sizes of code.file.path, code.function.name, code.line.number */
    OTEL__RECORD_FUNCTION_KEY = 18,
    OTEL__RECORD_LINE_KEY = 16
};

/* The three code.* attributes with their frames. *big collects lengths, *odd reasons against the short way. */
OTEL__WIRE_INLINE uint64_t otel__record_code_size(const otel__record_input *input, otel__record_plan *plan,
                                                  uint64_t *big, uint64_t *odd)
{
    const otel_log_site *site = input->site;
    if (OTEL_UNLIKELY(site->size < sizeof *site)) {
        *odd = UINT64_MAX; /* an older one, without the sizes */
        return 0;
    }
    uint64_t file = site->file_size, function = site->function_size, limit = input->value_length_limit;
    *odd |= (file - 1) | (function - 1) | (limit - file) | (limit - function) | ((uint64_t)(int64_t)site->line - 1) |
            ((uint64_t)(uintptr_t)site->file - 1) | ((uint64_t)(uintptr_t)site->function - 1);
    file += OTEL__RECORD_FILE_KEY + 6;
    function += OTEL__RECORD_FUNCTION_KEY + 6;
    uint32_t line = OTEL__RECORD_LINE_KEY + 5 + otel__wire_varint_size((uint32_t)site->line);
    *big |= file | function;
    plan->code_lengths[0] = (uint32_t)file;
    plan->code_lengths[1] = (uint32_t)function;
    plan->code_lengths[2] = line;
    return file + function + line + 6;
}

OTEL__WIRE_INLINE uint64_t otel__record_ids_size(const otel_span_context *span_context, uint64_t *odd)
{
    if (!otel__record_has_trace_id(span_context) || !otel__record_has_span_id(span_context)) *odd = UINT64_MAX;
    return OTEL__RECORD_IDS;
}

OTEL__WIRE_INLINE bool otel__record_has_rare_fields(const otel__record_input *input)
{
    return ((uintptr_t)input->severity_text.data | input->event_name.size | input->dropped_attribute_count) != 0;
}

/* Bytes that the record takes; OTEL__RECORD_TOO_LARGE: too many, do not write it. */
OTEL__WIRE_INLINE uint32_t otel__record_size(const otel__record_input *input, otel__record_plan *plan)
{
    uint32_t count = input->count, body = input->body.size;
    if (OTEL_UNLIKELY(count > OTEL__RECORD_PLANNED || (count != 0 && input->attributes == NULL))) {
        return otel__record_size_general(input, plan);
    }
    uint64_t big = 0, odd = (uint64_t)(uintptr_t)input->body.u.string - 1, limit = input->value_length_limit;
    uint64_t total = OTEL__RECORD_TIMES + (uint64_t)otel__record_severities[otel__record_severity_of(input)].size;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t size = otel__record_small_size(&input->attributes[i], limit, &odd);
        plan->attribute_lengths[i] = (uint8_t)size;
        big |= size;
        total += size;
    }
    total += 2 * (uint64_t)count;
    if (input->site != NULL) total += otel__record_code_size(input, plan, &big, &odd);
    if (input->span_context != NULL) total += otel__record_ids_size(input->span_context, &odd);
    if (OTEL_UNLIKELY(big >= 128 || (int64_t)odd < 0 || input->body.type != OTEL_TYPE_STRING ||
                      body > OTEL__RECORD_LONGEST_BODY || otel__record_has_rare_fields(input))) {
        return otel__record_size_general(input, plan);
    }
    uint32_t content = (uint32_t)total + body + (body < 126 ? 4 : body < 128 ? 5 : 6);
    plan->general = 0;
    plan->content = content;
    return plan->total = content + (content < 128 ? 2 : content < 16384 ? 3 : 4);
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_frame(uint8_t *at, uint32_t n)
{
    if (OTEL__LIKELY(n - 128 < 16384 - 128)) {
        otel__wire_le32(at, otel__record_word(0x12, (n & 0x7f) | 0x80, n >> 7, 0));
        return at + 3;
    }
    if (n < 128) {
        otel__wire_le16(at, 0x12 | n << 8);
        return at + 2;
    }
    otel__wire_le32(at, otel__record_word(0x12, (n & 0x7f) | 0x80, (n >> 7 & 0x7f) | 0x80, n >> 14));
    return at + 4;
}

OTEL__WIRE_INLINE uint8_t *otel__record_put_body(uint8_t *at, const otel_value *body, otel__wire_high *high)
{
    uint32_t n = body->size;
    if (OTEL__LIKELY(n < 126)) {
        otel__wire_le32(at, otel__record_word(0x2a, n + 2, 0x0a, n));
        at += 4;
    } else {
        uint32_t value = n + 2 + (n > 127);
        at[0] = 0x2a;
        otel__wire_le16(at + 1, (value & 0x7f) | 0x80 | value >> 7 << 8);
        at[3] = 0x0a;
        at = otel__wire_put_varint(at + 4, n);
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

OTEL__WIRE_INLINE uint8_t *otel__record_put_code(uint8_t *at, const otel_log_site *site, const uint32_t lengths[3],
                                                 otel__wire_high *high)
{
    /* octal: digits of a hexadecimal escape would go on into the key */
    static const char file[] = "\062\0\012\016code.file.path\022\0\012";
    static const char function[] = "\062\0\012\022code.function.name\022\0\012";
    static const char line[] = "\062\0\012\020code.line.number\022\0\030";
    uint32_t n = lengths[2] - OTEL__RECORD_LINE_KEY - 5;
    at = otel__record_put_code_head(at, file, sizeof file - 1, lengths[0], site->file_size + 2);
    *at = (uint8_t)site->file_size;
    at = otel__wire_copy(at + 1, site->file, site->file_size, high);
    at = otel__record_put_code_head(at, function, sizeof function - 1, lengths[1], site->function_size + 2);
    *at = (uint8_t)site->function_size;
    at = otel__wire_copy(at + 1, site->function, site->function_size, high);
    at = otel__record_put_code_head(at, line, sizeof line - 1, lengths[2], n + 1);
    return otel__record_put_varint(at, (uint32_t)site->line, n);
}

/* Writes exactly as many at `at`, and nothing outside. The input must not have changed in between. */
OTEL__WIRE_INLINE void otel__record_write(uint8_t *at, const otel__record_input *input, const otel__record_plan *plan)
{
    if (OTEL_UNLIKELY(plan->general)) {
        otel__record_write_general(at, input, plan);
        return;
    }
    otel__wire_high high = {{0, 0}, 0};
    uint8_t *p = otel__record_put_body(otel__record_put_frame(at, plan->content), &input->body, &high);
    for (uint32_t i = 0; i < input->count; i++) {
        p = otel__record_put_small(p, &input->attributes[i], plan->attribute_lengths[i], &high);
    }
    if (input->site != NULL) p = otel__record_put_code(p, input->site, plan->code_lengths, &high);
    if (input->span_context != NULL) {
        p = otel__record_put_trace_id(p, input->span_context);
        p = otel__record_put_span_id(p, input->span_context);
        p = otel__record_put_flags(p, input->span_context);
    }
    otel__record_put_tail(p, input);
    if (OTEL_UNLIKELY(otel__wire_any_high(&high))) otel__record_mend(at, plan);
}
#endif
