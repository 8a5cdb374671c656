/* Values and attributes (Common, "AnyValue", "Attribute"). Nothing here allocates or copies: what a value points to is
 * yours and must live until the call it is given to returns. Everything here is signal-safe. */
#ifndef OTEL_ATTR_H
#define OTEL_ATTR_H
#include <otel/base.h>
#ifndef __GNUC__
#include <string.h>
#endif
#ifdef __cplusplus
#include <initializer_list>
#endif

enum {
    OTEL_TYPE_EMPTY = 0,
    OTEL_TYPE_STRING = 1,
    OTEL_TYPE_BOOL = 2,
    OTEL_TYPE_INT = 3,
    OTEL_TYPE_DOUBLE = 4,
    OTEL_TYPE_ARRAY = 5,    /* of otel_value */
    OTEL_TYPE_MAP = 6,      /* of otel_attr */
    OTEL_TYPE_BYTES = 7,    /* 1..7 are OTLP's own AnyValue field numbers */
    OTEL_TYPE_STRINGS = 8,  /* const char *const [] */
    OTEL_TYPE_INTS = 9,     /* const int64_t [] */
    OTEL_TYPE_DOUBLES = 10, /* const double [] */
    OTEL_TYPE_BOOLS = 11,   /* const bool [] */
    /* 64..127: not a value but a field of the record or span it is given to (OTEL_WITH_...). A library that does not
       know one ignores it, so new ones need no new function. */
    OTEL_TYPE_WITH_CONTEXT = 64,
    OTEL_TYPE_WITH_SPAN_CONTEXT = 65,
    OTEL_TYPE_WITH_TIME = 66,
    OTEL_TYPE_WITH_OBSERVED_TIME = 67,
    OTEL_TYPE_WITH_EVENT_NAME = 68,
    OTEL_TYPE_WITH_SEVERITY_TEXT = 69,
    OTEL_TYPE_WITH_KIND = 70, /* of spans */
    OTEL_TYPE_WITH_LINK = 71, /* of spans */
    OTEL_TYPE_WITH_EXCEPTION_TYPE = 72,
    OTEL_TYPE_WITH_EXCEPTION_MESSAGE = 73,
    OTEL_TYPE_WITH_EXCEPTION_STACKTRACE = 74,
    OTEL_TYPE_NOTHING = 254, /* skipped: an optional attribute that is absent */
    OTEL_TYPE_END = 255
};
enum { OTEL_FORM_MEMORY = 0, OTEL_FORM_OTLP = 1 };

/* One value of any kind. Strings are UTF-8; one that is not goes out as bytes. Frozen. */
typedef struct otel_value {
    uint8_t type;
    uint8_t form; /* OTEL_FORM_OTLP: data points at encoded bytes; read arrays and maps with the iterators */
    uint16_t reserved;
    uint32_t size; /* bytes of a string or of encoded data; elements of an array or map */
    union {
        const char *string; /* first, so that a brace initialiser reaches it in C++ too */
        const void *data;
        int64_t integer;
        double number;
        bool boolean;
        const struct otel_value *values;
        const struct otel_attr *attrs;
        const char *const *strings;
        const int64_t *integers;
        const double *numbers;
        const bool *booleans;
    } u;
} otel_value;
OTEL_STATIC_ASSERT(sizeof(otel_value) == 16, "frozen");

/* A key and its value. An empty key is refused by the SDK; of two with the same key the last counts. Frozen. */
typedef struct otel_attr {
    const char *key; /* NULL: not an attribute (OTEL_WITH_..., or nothing) */
    uint32_t key_size;
    uint32_t reserved;
    otel_value value;
} otel_attr;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_attr) == 32, "frozen");

OTEL_EXTERN_C_BEGIN

OTEL_INLINE uint32_t otel_size_of(const char *s)
{
#ifdef __GNUC__
    return s ? OTEL_CAST(uint32_t, __builtin_strlen(s)) : 0u; /* a literal's length is computed by the compiler */
#else
    return s ? OTEL_CAST(uint32_t, strlen(s)) : 0u;
#endif
}
OTEL_INLINE otel_value otel_value_make(int type, size_t size)
{
    otel_value v;
    v.type = OTEL_CAST(uint8_t, type);
    v.form = 0;
    v.reserved = 0;
    v.size = OTEL_CAST(uint32_t, size);
    v.u.integer = 0;
    return v;
}
OTEL_INLINE otel_value otel_empty(void)
{
    return otel_value_make(OTEL_TYPE_EMPTY, 0);
}
OTEL_INLINE otel_value otel_stringn(const char *s, size_t n)
{
    otel_value v = otel_value_make(s ? OTEL_TYPE_STRING : OTEL_TYPE_EMPTY, s ? n : 0);
    v.u.string = s;
    return v;
}
OTEL_INLINE otel_value otel_string(const char *s)
{
    return otel_stringn(s, otel_size_of(s));
}
OTEL_INLINE otel_value otel_int(int64_t i)
{
    otel_value v = otel_value_make(OTEL_TYPE_INT, 0);
    v.u.integer = i;
    return v;
}
OTEL_INLINE otel_value otel_double(double d)
{
    otel_value v = otel_value_make(OTEL_TYPE_DOUBLE, 0);
    v.u.number = d;
    return v;
}
OTEL_INLINE otel_value otel_bool(bool b)
{
    otel_value v = otel_value_make(OTEL_TYPE_BOOL, 0);
    v.u.boolean = b;
    return v;
}
OTEL_INLINE otel_value otel_pointer_value(int type, const void *data, size_t size)
{
    otel_value v = otel_value_make(type, size);
    v.u.data = data;
    return v;
}
OTEL_INLINE otel_value otel_bytes(const void *p, size_t n)
{
    return otel_pointer_value(OTEL_TYPE_BYTES, p, n);
}
OTEL_INLINE otel_value otel_ints(const int64_t *p, size_t n)
{
    return otel_pointer_value(OTEL_TYPE_INTS, p, n);
}
OTEL_INLINE otel_value otel_doubles(const double *p, size_t n)
{
    return otel_pointer_value(OTEL_TYPE_DOUBLES, p, n);
}
OTEL_INLINE otel_value otel_bools(const bool *p, size_t n)
{
    return otel_pointer_value(OTEL_TYPE_BOOLS, p, n);
}
OTEL_INLINE otel_value otel_strings(const char *const *p, size_t n)
{
    return otel_pointer_value(OTEL_TYPE_STRINGS, p, n);
}
OTEL_INLINE otel_value otel_array(const otel_value *p, size_t n)
{
    return otel_pointer_value(OTEL_TYPE_ARRAY, p, n);
}
OTEL_INLINE otel_value otel_map(const otel_attr *p, size_t n)
{
    return otel_pointer_value(OTEL_TYPE_MAP, p, n);
}
OTEL_INLINE otel_value otel_value_end(void)
{
    return otel_value_make(OTEL_TYPE_END, 0);
}
OTEL_INLINE otel_attr otel_attrn(const char *key, uint32_t key_size, otel_value value)
{
    otel_attr a;
    a.key = key;
    a.key_size = key_size;
    a.reserved = 0;
    a.value = value;
    return a;
}
OTEL_INLINE otel_attr otel_attr_of(const char *key, otel_value value)
{
    return otel_attrn(key, otel_size_of(key), value);
}
OTEL_INLINE otel_attr otel_attr_end(void)
{
    return otel_attrn(OTEL_NULL, 0, otel_value_end());
}
OTEL_INLINE otel_attr otel_attr_optional(const char *key, const char *s) /* absent when s is NULL */
{
    return s ? otel_attr_of(key, otel_string(s)) : otel_attrn(OTEL_NULL, 0, otel_value_make(OTEL_TYPE_NOTHING, 0));
}
OTEL_INLINE otel_attr otel_field(int type, const void *p)
{
    return otel_attrn(OTEL_NULL, 0, otel_pointer_value(type, p, 0));
}
OTEL_INLINE otel_attr otel_field_string(int type, const char *s) /* absent when s is NULL */
{
    return otel_attrn(OTEL_NULL, 0, otel_pointer_value(s ? type : OTEL_TYPE_NOTHING, s, otel_size_of(s)));
}
OTEL_INLINE otel_attr otel_field_u64(int type, uint64_t n)
{
    otel_value v = otel_value_make(type, 0);
    v.u.integer = OTEL_CAST(int64_t, n);
    return otel_attrn(OTEL_NULL, 0, v);
}
/* Lists closed by an end mark, for the macros below; the mark makes zero elements legal in strict C11. */
OTEL_INLINE otel_value otel_array_until_end(const otel_value *p)
{
    size_t n = 0;
    while (p[n].type != OTEL_TYPE_END) n++;
    return otel_array(p, n);
}
OTEL_INLINE otel_value otel_map_until_end(const otel_attr *p)
{
    size_t n = 0;
    while (p[n].value.type != OTEL_TYPE_END) n++;
    return otel_map(p, n);
}
OTEL_EXTERN_C_END

/* One attribute. The `| 0` refuses pointers and floating point; size_t and friends pass without a warning. */
#define OTEL_STR(key, s) otel_attr_of(key, otel_string(s))
#define OTEL_STRN(key, s, n) otel_attr_of(key, otel_stringn(s, n))
#define OTEL_INT(key, i) otel_attr_of(key, otel_int(OTEL_CAST(int64_t, (i) | 0)))
#define OTEL_DOUBLE(key, d) otel_attr_of(key, otel_double(d))
#define OTEL_BOOL(key, b) otel_attr_of(key, otel_bool((b) ? true : false))
#define OTEL_BYTES(key, p, n) otel_attr_of(key, otel_bytes(p, n))
#define OTEL_EMPTY(key) otel_attr_of(key, otel_empty())
#define OTEL_INTS(key, p, n) otel_attr_of(key, otel_ints(p, n))
#define OTEL_DOUBLES(key, p, n) otel_attr_of(key, otel_doubles(p, n))
#define OTEL_BOOLS(key, p, n) otel_attr_of(key, otel_bools(p, n))
#define OTEL_STRS(key, p, n) otel_attr_of(key, otel_strings(p, n))
#define OTEL_VALUE(key, v) otel_attr_of(key, v)

/* Lists written in place. They live until the end of the block (C) or of the statement (C++): use them inside a call.
   OTEL_ARRAY("k", otel_int(1), otel_string("a"))    OTEL_MAP("k", OTEL_STR("a", "b"), OTEL_INT("n", 1)) */
#define OTEL_ARRAY(...) OTEL_P_ARRAY(__VA_ARGS__, otel_value_end())
#define OTEL_MAP(...) OTEL_P_MAP(__VA_ARGS__, otel_attr_end())
#ifdef __cplusplus
inline otel_value otel_p_array(std::initializer_list<otel_value> l)
{
    return otel_array(l.begin(), l.size() - 1);
}
inline otel_value otel_p_map(std::initializer_list<otel_attr> l)
{
    return otel_map(l.begin(), l.size() - 1);
}
#define OTEL_P_ARRAY(key, ...) otel_attr_of(key, otel_p_array({__VA_ARGS__}))
#define OTEL_P_MAP(key, ...) otel_attr_of(key, otel_p_map({__VA_ARGS__}))
#else
#define OTEL_P_ARRAY(key, ...) otel_attr_of(key, otel_array_until_end((const otel_value[]){__VA_ARGS__}))
#define OTEL_P_MAP(key, ...) otel_attr_of(key, otel_map_until_end((const otel_attr[]){__VA_ARGS__}))
#endif

/* A list of attributes as an argument, closed by an end mark: OTEL_ATTRS(OTEL_STR("a", "b"), OTEL_INT("n", 1)). Lives
 * as the lists above do. */
#define OTEL_ATTRS(...) OTEL_P_ATTRS(__VA_ARGS__, otel_attr_end())
#ifdef __cplusplus
inline const otel_attr *otel_p_attrs(std::initializer_list<otel_attr> l)
{
    return l.begin();
}
#define OTEL_P_ATTRS(...) (otel_p_attrs({__VA_ARGS__}))
#else
#define OTEL_P_ATTRS(...) ((const otel_attr[]){__VA_ARGS__})
#endif

/* A constant string attribute for static storage, where a function call is not allowed: scope and resource attributes.
 */
#define OTEL_STATIC_STR(key, s)                                                                                        \
    {                                                                                                                  \
        key, sizeof(key) - 1, 0,                                                                                       \
        {                                                                                                              \
            OTEL_TYPE_STRING, 0, 0, sizeof(s) - 1,                                                                     \
            {                                                                                                          \
                s                                                                                                      \
            }                                                                                                          \
        }                                                                                                              \
    }

/* Fields of the record or span, given among the attributes. */
#define OTEL_WITH_CONTEXT(ctx) otel_field(OTEL_TYPE_WITH_CONTEXT, ctx)
#define OTEL_WITH_SPAN_CONTEXT(sc) otel_field(OTEL_TYPE_WITH_SPAN_CONTEXT, sc)
#define OTEL_WITH_TIME(unix_nano) otel_field_u64(OTEL_TYPE_WITH_TIME, unix_nano)
#define OTEL_WITH_EVENT_NAME(name) otel_field_string(OTEL_TYPE_WITH_EVENT_NAME, name)
#define OTEL_WITH_SEVERITY_TEXT(text) otel_field_string(OTEL_TYPE_WITH_SEVERITY_TEXT, text)
#define OTEL_WITH_OBSERVED_TIME(unix_nano) otel_field_u64(OTEL_TYPE_WITH_OBSERVED_TIME, unix_nano)
/* An exception: becomes exception.type, exception.message and exception.stacktrace, unless attributes of those names
 * are given too (Semantic Conventions, "Exceptions in logs"). Each may be NULL. */
#define OTEL_EXCEPTION(type, message, stacktrace)                                                                      \
    otel_field_string(OTEL_TYPE_WITH_EXCEPTION_TYPE, type),                                                            \
        otel_field_string(OTEL_TYPE_WITH_EXCEPTION_MESSAGE, message),                                                  \
        otel_field_string(OTEL_TYPE_WITH_EXCEPTION_STACKTRACE, stacktrace)
#endif
