/* OTLP bytes, written forwards in place: varints, words, exact copies, and values of every kind with their lengths. */
#ifndef OTEL__WIRE_WRITER_H
#define OTEL__WIRE_WRITER_H
#include <otel/attr.h>
#include <string.h>

#define OTEL__LIKELY(x) __builtin_expect(!!(x), 1)
#define OTEL__WIRE_INLINE static inline __attribute__((always_inline))

enum {
    OTEL__WIRE_DEPTH = 64,         /* arrays and maps nested deeper are empty values, whatever the limits say */
    OTEL__WIRE_TOO_LARGE = 1 << 24 /* sizes from here on mean only "too large" */
};

/* Primitives. ------------------------------------------------------------------------------------------------------ */

OTEL__WIRE_INLINE uint32_t otel__wire_varint_size(uint64_t v)
{
    return (uint32_t)(9 * (63 ^ __builtin_clzll(v | 1)) + 73) / 64;
}

/* Bytes of a field with a one-byte tag and a length in front of `size` bytes. */
OTEL__WIRE_INLINE uint64_t otel__wire_framed_size(uint64_t size)
{
    return 1 + otel__wire_varint_size(size) + size;
}

OTEL__WIRE_INLINE void otel__wire_le16(uint8_t *at, uint32_t v)
{
    uint16_t word = (uint16_t)v;
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap16(word);
#endif
    memcpy(at, &word, 2);
}

OTEL__WIRE_INLINE void otel__wire_le32(uint8_t *at, uint32_t v)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap32(v);
#endif
    memcpy(at, &v, 4);
}

OTEL__WIRE_INLINE void otel__wire_le64(uint8_t *at, uint64_t v)
{
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    memcpy(at, &v, 8);
}

OTEL__WIRE_INLINE uint8_t *otel__wire_put_varint(uint8_t *at, uint64_t v)
{
    while (v >= 0x80) {
        *at++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *at++ = (uint8_t)v;
    return at;
}

OTEL__WIRE_INLINE uint8_t *otel__wire_put_head(uint8_t *at, uint8_t tag, uint64_t size)
{
    *at++ = tag;
    return otel__wire_put_varint(at, size);
}

/* The OR of everything that was copied: text without a high bit is UTF-8, and needs no second look. */
typedef uint64_t otel__wire_block __attribute__((vector_size(16), aligned(1), may_alias));
typedef struct otel__wire_high {
    otel__wire_block wide;
    uint64_t narrow;
} otel__wire_high;

OTEL__WIRE_INLINE bool otel__wire_any_high(const otel__wire_high *high)
{
    return ((high->narrow | high->wide[0] | high->wide[1]) & 0x8080808080808080u) != 0;
}

OTEL__WIRE_INLINE uint64_t otel__wire_copy_8(uint8_t *to, const uint8_t *from, size_t n)
{
    uint64_t first, last;
    memcpy(&first, from, 8);
    memcpy(&last, from + n - 8, 8);
    memcpy(to, &first, 8);
    memcpy(to + n - 8, &last, 8);
    return first | last;
}

OTEL__WIRE_INLINE uint64_t otel__wire_copy_4(uint8_t *to, const uint8_t *from, size_t n)
{
    uint32_t first, last;
    memcpy(&first, from, 4);
    memcpy(&last, from + n - 4, 4);
    memcpy(to, &first, 4);
    memcpy(to + n - 4, &last, 4);
    return first | last;
}

OTEL__WIRE_INLINE uint64_t otel__wire_copy_2(uint8_t *to, const uint8_t *from, size_t n)
{
    uint16_t first, last;
    memcpy(&first, from, 2);
    memcpy(&last, from + n - 2, 2);
    memcpy(to, &first, 2);
    memcpy(to + n - 2, &last, 2);
    return (uint64_t)(first | last);
}

/* Copies exactly n bytes: two overlapping moves up to 32, then blocks and an overlapping last one. No byte outside is
 * touched on either side. from may be NULL when n is 0. */
OTEL__WIRE_INLINE uint8_t *otel__wire_copy(uint8_t *to, const void *source, size_t n, otel__wire_high *high)
{
    const uint8_t *from = source;
    if (n >= 16) {
        otel__wire_block last = *(const otel__wire_block *)(from + n - 16), first = *(const otel__wire_block *)from;
        *(otel__wire_block *)to = first;
        high->wide |= first | last;
        for (size_t i = 16; i + 16 < n; i += 16) {
            otel__wire_block x = *(const otel__wire_block *)(from + i);
            high->wide |= x;
            *(otel__wire_block *)(to + i) = x;
        }
        *(otel__wire_block *)(to + n - 16) = last;
    } else if (n >= 8) {
        high->narrow |= otel__wire_copy_8(to, from, n);
    } else if (n >= 4) {
        high->narrow |= otel__wire_copy_4(to, from, n);
    } else if (n >= 2) {
        high->narrow |= otel__wire_copy_2(to, from, n);
    } else if (n != 0) {
        high->narrow |= *to = *from;
    }
    return to + n;
}

/* Values. ---------------------------------------------------------------------------------------------------------- */

/* A value is sized first and written afterwards; both walk it in the same order with one of these. Sizing remembers the
 * lengths of the first nested arrays and maps, writing uses them up; for those behind, it measures again. */
enum { OTEL__WIRE_LENGTHS = 64 };
typedef struct otel__wire_lengths {
    uint32_t length[OTEL__WIRE_LENGTHS];
} otel__wire_lengths;

typedef struct otel__wire_walk {
    otel__wire_lengths *learned;     /* sizing: where lengths go; NULL: nowhere */
    const otel__wire_lengths *known; /* writing: where they are; NULL: measure all again */
    uint32_t cursor;                 /* the next of them; begins at 0 */
    uint32_t length_limit;           /* characters of a string, bytes of a byte array; UINT32_MAX: none */
    uint32_t depth_limit;            /* an array or map below it is an empty value; the outermost value has depth 1 */
    uint64_t work;                   /* sizing: bounds the walk through values that share parts; begins at 0 */
    otel__wire_high high;            /* writing; begins at 0 */
} otel__wire_walk;

/* A walk that has seen nothing and has no limits but the depth that nothing may exceed. */
OTEL__WIRE_INLINE otel__wire_walk otel__wire_walk_begin(void)
{
    return (otel__wire_walk){.length_limit = UINT32_MAX, .depth_limit = OTEL__WIRE_DEPTH};
}

/* Whether it is an attribute at all: fields of a record (OTEL_WITH_...), marks, and empty keys are not. */
OTEL__WIRE_INLINE bool otel__wire_is_attribute(const otel_attr *attr)
{
    return attr->key != NULL && attr->key_size != 0 && attr->value.type < 64;
}

/* Length of the AnyValue (0: an empty value), and of the KeyValue, without their own tag and length. */
uint64_t otel__wire_value_size(otel__wire_walk *walk, const otel_value *value, uint32_t depth);
uint64_t otel__wire_key_value_size(otel__wire_walk *walk, const otel_attr *attr, uint32_t depth);
/* Write them, with tag and length in front; exactly the bytes that were sized. */
uint8_t *otel__wire_put_value(uint8_t *at, uint8_t tag, otel__wire_walk *walk, const otel_value *value, uint32_t depth);
uint8_t *otel__wire_put_key_value(uint8_t *at, uint8_t tag, otel__wire_walk *walk, const otel_attr *attr,
                                  uint32_t depth);

/* The same for text that is written as it is: by far the most frequent value, and worth a way of its own. */
OTEL__WIRE_INLINE bool otel__wire_is_whole_text(const otel__wire_walk *walk, const otel_value *value)
{
    return value->type == OTEL_TYPE_STRING && value->size <= walk->length_limit && value->u.string != NULL;
}

OTEL__WIRE_INLINE uint8_t *otel__wire_put_text_value(uint8_t *at, uint8_t tag, const otel_value *value,
                                                     otel__wire_high *high)
{
    at = otel__wire_put_head(at, tag, otel__wire_framed_size(value->size));
    return otel__wire_copy(otel__wire_put_head(at, 0x0a, value->size), value->u.string, value->size, high);
}

OTEL__WIRE_INLINE uint64_t otel__wire_text_key_value_size(const otel_attr *attr)
{
    return otel__wire_framed_size(attr->key_size) + otel__wire_framed_size(otel__wire_framed_size(attr->value.size));
}

OTEL__WIRE_INLINE uint8_t *otel__wire_put_text_key_value(uint8_t *at, uint8_t tag, const otel_attr *attr,
                                                         otel__wire_high *high)
{
    at = otel__wire_put_head(at, tag, otel__wire_text_key_value_size(attr));
    at = otel__wire_copy(otel__wire_put_head(at, 0x0a, attr->key_size), attr->key, attr->key_size, high);
    return otel__wire_put_text_value(at, 0x12, &attr->value, high);
}

/* The second look at what was written when a byte had its high bit set: a string that is not UTF-8 becomes bytes (the
 * same length), in a key each bad byte becomes '?'. Content without tag and length, as this writer wrote it. */
uint8_t *otel__wire_written_length(uint8_t *at, size_t *size); /* behind a tag; nothing is checked */
void otel__wire_mend_value(uint8_t *content, size_t size);
void otel__wire_mend_key_value(uint8_t *content, size_t size);

/* For the prefixes of resource and scope. Attributes without limits, each framed by `tag`; values are mended. Text is a
 * string field, each bad byte of it a '?'; an empty one is left out. Do not write what has OTEL__WIRE_TOO_LARGE. */
uint64_t otel__wire_attributes_size(const otel_attr *attrs, size_t count);
uint8_t *otel__wire_attributes_write(uint8_t *at, uint8_t tag, const otel_attr *attrs, size_t count);
uint64_t otel__wire_text_size(size_t size);
uint8_t *otel__wire_text_write(uint8_t *at, uint8_t tag, const char *text, size_t size);
#endif
