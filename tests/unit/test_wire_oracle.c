/* The record writer and the reader against an independent decoder: random records of every kind of value, limit,
 * nesting and bad text are written, decoded by protobuf-c, and compared with what was put in; the reader must see what
 * protobuf-c sees. Whatever the writer reads ends at an unreadable page, the record ends at an unwritable one.
 *   test_wire_oracle [--long] [--seed=NUMBER] [--records=NUMBER] */
#include "logs.pb-c.h"
#include "logs_service.pb-c.h"
#include "status.pb-c.h"
#include "wire/reader.h"
#include "wire/record_writer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

typedef Otel__Wire__AnyValue any_value;
typedef Otel__Wire__KeyValue key_value;
typedef Otel__Wire__LogRecord log_record;

enum { PAGE = 4096, SLOT = 4 * PAGE, SLOTS = 2000, RECORD_AREA = 4 << 20, TWINS = 200, MOST_ATTRIBUTES = 160 };

static uint64_t first_seed = 1, state; /* the same records each time; with --long others */
enum { LONG_RECORDS = 200000 };
static long records = 10000;

static uint64_t random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)(random_bits() >> 20) % n;
}
static bool one_in(uint32_t n)
{
    return below(n) == 0;
}

/* Guarded memory. -------------------------------------------------------------------------------------------------- */

static uint8_t *slots, *record_end;
static uint32_t used_slots;

static uint8_t *map_pages(size_t size)
{
    uint8_t *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(at != MAP_FAILED);
    return at;
}

static void map_guarded(void)
{
    slots = map_pages((size_t)SLOTS * (SLOT + PAGE));
    for (size_t i = 0; i < SLOTS; i++) assert_int_equal(mprotect(slots + i * (SLOT + PAGE) + SLOT, PAGE, PROT_NONE), 0);
    record_end = map_pages(RECORD_AREA + PAGE) + RECORD_AREA;
    assert_int_equal(mprotect(record_end, PAGE, PROT_NONE), 0);
}

/* Memory that ends at an unreadable page. */
static void *guarded(size_t size)
{
    assert_true(size <= SLOT && used_slots < SLOTS);
    return slots + (size_t)used_slots++ * (SLOT + PAGE) + SLOT - size;
}

/* Making records. -------------------------------------------------------------------------------------------------- */

/* For a value in OTLP form: the value it was made of. */
static struct twin {
    const void *data;
    otel_value memory;
} twins[TWINS];
static uint32_t used_twins;
static bool only_utf8; /* inside of what will be an OTLP form */

static uint32_t random_length(void)
{
    switch (below(12)) {
    case 0:
        return 0;
    case 1:
        return below(4);
    case 2:
        return 95 + below(60); /* around the limits of one length byte */
    case 3:
        return one_in(20) ? below(16000) : below(40);
    default:
        return below(40);
    }
}

static void spoil(char *text, uint32_t n)
{
    switch (below(16)) {
    case 0:
        for (uint32_t i = 0; i < n; i++)
            text[i] = (char)(random_bits() | 1); /* no NUL: protobuf-c would lose the length */
        break;
    case 1:
        if (n != 0) text[below(n)] = (char)(0x80 | below(128));
        break;
    case 2:
        for (uint32_t i = 0; i + 3 <= n; i += 3) memcpy(text + i, i % 2 ? "\xe2\x82\xac" : "a\xc3\xa9", 3);
        if (n > 3 && one_in(2)) text[n - 1] = '\xc3'; /* cut in the middle of a character */
        break;
    case 3:
        for (uint32_t i = 0; i + 4 <= n; i += 4) memcpy(text + i, "\xf0\x9f\x98\x80", 4);
        break;
    case 4:
        if (n > 4)
            memcpy(text + below(n - 4), one_in(2) ? "\xed\xa0\x80" : "\xf4\x90\x80\x80", 3); /* surrogate; too large */
        break;
    default:
        break;
    }
}

static const char *random_text(uint32_t n)
{
    char *text = guarded(n);
    for (uint32_t i = 0; i < n; i++) text[i] = (char)(32 + below(95));
    if (!only_utf8) {
        spoil(text, n);
    } else if (one_in(3)) {
        for (uint32_t i = 0; i + 3 <= n; i += 3) memcpy(text + i, "\xe2\x82\xac", 3);
    }
    return text;
}

static const char *random_c_string(void)
{
    uint32_t n = below(30);
    char *text = guarded(n + 1);
    for (uint32_t i = 0; i < n; i++) text[i] = (char)(33 + below(90));
    if (!only_utf8 && one_in(6) && n != 0) text[below(n)] = '\xff';
    text[n] = '\0';
    return text;
}

static otel_value random_value(uint32_t depth);

static otel_attr random_attr(uint32_t depth, uint32_t key_size)
{
    if (!only_utf8) {
        if (one_in(40)) return otel_field(OTEL_TYPE_WITH_CONTEXT, NULL);
        if (one_in(40)) return otel_attrn(NULL, below(5), otel_int(1));
        if (one_in(60)) return otel_attr_of("mark", otel_value_make(200, 3));
    }
    if (key_size == 0 && !one_in(4)) key_size = 1; /* empty keys are skipped: not too many */
    return otel_attrn(random_text(key_size), key_size, random_value(depth));
}

static otel_value random_plural(int type)
{
    uint32_t n = below(10);
    if (type == OTEL_TYPE_STRINGS) {
        const char **strings = guarded(n * sizeof *strings);
        for (uint32_t i = 0; i < n; i++) strings[i] = one_in(10) ? NULL : random_c_string();
        return otel_strings(strings, n);
    }
    if (type == OTEL_TYPE_BOOLS) {
        bool *bools = guarded(n);
        for (uint32_t i = 0; i < n; i++) bools[i] = one_in(2);
        return otel_bools(bools, n);
    }
    uint64_t *words = guarded(n * sizeof *words);
    for (uint32_t i = 0; i < n; i++) words[i] = random_bits() >> below(64);
    return otel_pointer_value(type, words, n);
}

static otel_value random_collection(int type, uint32_t depth)
{
    uint32_t n = depth > 4 ? 1 : below(6);
    if (type == OTEL_TYPE_ARRAY) {
        otel_value *values = guarded(n * sizeof *values);
        for (uint32_t i = 0; i < n; i++) values[i] = random_value(depth + 1);
        return otel_array(values, n);
    }
    otel_attr *attrs = guarded(n * sizeof *attrs);
    for (uint32_t i = 0; i < n; i++) {
        attrs[i] = random_attr(depth + 1, below(12));
        if (i != 0 && one_in(5)) { /* the same key again */
            attrs[i].key = attrs[i - 1].key;
            attrs[i].key_size = attrs[i - 1].key_size;
        }
    }
    return otel_map(attrs, n);
}

/* Turns a collection in memory into encoded bytes. */
static otel_value encoded(otel_value memory)
{
    otel__wire_walk size_walk = otel__wire_walk_begin(), walk = otel__wire_walk_begin();
    uint64_t size = otel__wire_framed_size(otel__wire_value_size(&size_walk, &memory, 1));
    if (size > SLOT || used_twins == TWINS) return memory;
    uint8_t *at = guarded(size), *inside;
    size_t n;
    assert_ptr_equal(otel__wire_put_value(at, 0x0a, &walk, &memory, 1), at + size);
    inside = otel__wire_written_length(at + 1, &n);
    inside = otel__wire_written_length(inside + 1, &n); /* behind the tag in the AnyValue */
    otel_value value = otel_pointer_value(memory.type == OTEL_TYPE_MAP ? OTEL_TYPE_MAP : OTEL_TYPE_ARRAY, inside, n);
    value.form = OTEL_FORM_OTLP;
    if (n == 0) return value; /* nothing in it, whatever it was made of; and its address may be another's */
    twins[used_twins++] = (struct twin){inside, memory};
    return value;
}

static otel_value random_encoded(uint32_t depth)
{
    if (only_utf8) return otel_empty();
    only_utf8 = true;
    otel_value memory = one_in(4) ? random_plural(OTEL_TYPE_STRINGS + (int)below(4))
                                  : random_collection(one_in(2) ? OTEL_TYPE_ARRAY : OTEL_TYPE_MAP, depth);
    only_utf8 = false;
    return encoded(memory);
}

static otel_value random_deep(void)
{
    otel_value value = otel_int(7);
    for (uint32_t n = 50 + below(30); n > 0; n--) {
        if (one_in(2)) {
            otel_value *values = guarded(sizeof *values);
            *values = value;
            value = otel_array(values, 1);
        } else {
            otel_attr *attrs = guarded(sizeof *attrs);
            *attrs = otel_attr_of("deep", value);
            value = otel_map(attrs, 1);
        }
    }
    return value;
}

static int64_t random_integer(void)
{
    uint64_t bits = random_bits() >> below(64);
    return (int64_t)(one_in(4) ? 0 - bits : bits);
}

static otel_value random_scalar(void)
{
    otel_value value;
    switch (below(4)) {
    case 0:
        return otel_empty();
    case 1:
        return otel_bool(one_in(2));
    case 2:
        value = otel_double(0);
        value.u.integer = (int64_t)random_bits(); /* NaNs too */
        return value;
    default:
        value = otel_int(random_integer());
        if (one_in(8)) value.size = below(200); /* a size that means nothing */
        return value;
    }
}

static otel_value random_value(uint32_t depth)
{
    uint32_t n = random_length();
    switch (below(14)) {
    case 0:
        return random_plural(OTEL_TYPE_STRINGS + (int)below(4));
    case 1:
        return random_collection(OTEL_TYPE_ARRAY, depth);
    case 2:
        return random_collection(OTEL_TYPE_MAP, depth);
    case 3:
        return random_encoded(depth);
    case 4:
        return otel_bytes(random_text(n), n);
    case 5:
        if (one_in(10)) return otel_value_make((int)(12 + below(52)), n); /* a type that does not exist */
        if (one_in(10)) return otel_value_make((int)(1 + below(11)), 5);  /* a NULL pointer with a size */
        if (one_in(20) && depth == 1 && !only_utf8) return random_deep();
        return random_scalar();
    case 6:
    case 7:
    case 8:
        return random_scalar();
    default:
        return otel_stringn(random_text(n), n);
    }
}

static otel_str random_str(void)
{
    uint32_t n = random_length();
    if (one_in(2)) return (otel_str){NULL, one_in(4) ? 5 : 0};
    return (otel_str){random_text(n), n};
}

static const otel_log_site *random_site(bool simple)
{
    uint32_t file = simple ? 1 + below(90) : random_length(), function = 1 + below(40);
    bool old = one_in(10);
    otel_log_site site = {
        sizeof site, (int32_t)(random_bits() >> (33 + below(31))), random_text(file), random_text(function), file,
        function};
    if (one_in(30)) site.line = -site.line;
    if (one_in(30)) site.file = NULL;
    if (one_in(30)) site.function = NULL;
    if (old) {
        site.size = offsetof(otel_log_site, file_size);
        if (site.file != NULL) site.file = random_c_string();
        if (site.function != NULL) site.function = random_c_string();
    }
    void *at = guarded(site.size);
    memcpy(at, &site, site.size);
    return at;
}

static const otel_span_context *random_span_context(void)
{
    otel_span_context *context = guarded(sizeof *context);
    for (size_t i = 0; i < sizeof *context; i++) ((uint8_t *)context)[i] = (uint8_t)random_bits();
    context->remote = false;
    if (one_in(20)) memset(context->trace_id, 0, 16);
    if (one_in(20)) memset(context->span_id, 0, 8);
    return context;
}

static uint32_t random_limit(void)
{
    return one_in(3) ? below(4) : below(60);
}

/* One half for the short way, nearly all of them taking it. */
static otel__record_input random_record(void)
{
    bool simple = one_in(2);
    uint32_t count = one_in(30) ? below(MOST_ATTRIBUTES) : below(9);
    otel_attr *attrs = guarded(count * sizeof *attrs);
    used_twins = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t key_size = 1 + below(30), size = below(70);
        attrs[i] = !simple ? random_attr(1, random_length())
                           : otel_attrn(random_text(key_size), key_size,
                                        one_in(2) ? otel_stringn(random_text(size), size) : random_scalar());
    }
    uint32_t body = one_in(4) ? below(9000) : below(200);
    otel__record_input r = {.time = random_bits(), .observed = random_bits(), .attributes = attrs, .count = count};
    r.severity = simple ? (otel_severity)below(25) : (otel_severity)below(40) - 8;
    r.body = simple ? otel_stringn(random_text(body), body) : random_value(1);
    r.value_length_limit = simple || one_in(2) ? UINT32_MAX : random_limit();
    r.depth_limit = simple || one_in(2) ? 64 : below(5);
    if (one_in(2)) r.site = random_site(simple);
    if (one_in(2)) r.span_context = random_span_context();
    if (one_in(20)) r.time = 0;
    if (!simple) {
        r.severity_text = random_str();
        r.event_name = random_str();
        if (one_in(2)) r.dropped_attribute_count = (uint32_t)(random_bits() >> (32 + below(32)));
        if (one_in(30)) r.attributes = NULL;
    }
    return r;
}

/* What must come out: the rules once more, written another way. ---------------------------------------------------- */

/* By the code point that the bytes spell. */
static uint32_t character(const uint8_t *at, size_t n)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t size = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (size == 0 || size > n) return 0;
    uint32_t code = size == 1 ? at[0] : at[0] & (0x7fu >> size);
    for (uint32_t i = 1; i < size; i++) {
        if (at[i] >> 6 != 2) return 0;
        code = code << 6 | (at[i] & 0x3fu);
    }
    return code < least[size] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : size;
}

static bool is_text(const uint8_t *at, size_t n)
{
    for (uint32_t step; n > 0; at += step, n -= step) {
        step = character(at, n);
        if (step == 0) return false;
    }
    return true;
}

static size_t expected_size(const uint8_t *at, size_t n, uint32_t limit)
{
    size_t size = 0;
    if (n <= limit) return n;
    for (uint32_t i = 0; i < limit && size < n; i++) {
        uint32_t step = character(at + size, n - size);
        if (step == 0) return limit;
        size += step;
    }
    return size;
}

static void check_name(const char *got, const char *want, size_t n)
{
    for (size_t i = 0, step; i < n; i += step) {
        step = character((const uint8_t *)want + i, n - i);
        if (step == 0) {
            assert_int_equal(got[i], '?');
            step = 1;
        } else {
            assert_memory_equal(got + i, want + i, step);
        }
    }
    assert_int_equal(got[n], '\0');
}

static void check_text(const any_value *got, const void *text, size_t n, uint32_t limit)
{
    size_t kept = expected_size(text, n, limit);
    if (is_text(text, kept)) {
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_STRING_VALUE);
        if (kept != 0) assert_memory_equal(got->string_value, text, kept);
        assert_int_equal(got->string_value[kept], '\0');
    } else {
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_BYTES_VALUE);
        assert_int_equal(got->bytes_value.len, kept);
        assert_memory_equal(got->bytes_value.data, text, kept);
    }
}

static const otel_value *in_memory(const otel_value *value)
{
    if (value->form != OTEL_FORM_OTLP) return value;
    for (uint32_t i = 0; i < used_twins; i++) {
        if (twins[i].data == value->u.data) return &twins[i].memory;
    }
    return value;
}

typedef struct limits {
    uint32_t length, depth;
} limits;

static void check_value(const any_value *got, const otel_value *want, limits limit, uint32_t depth);

static bool counts(const otel_attr *attr)
{
    return attr->key != NULL && attr->key_size > 0 && attr->value.type < 64;
}

static bool overwritten(const otel_attr *attrs, uint32_t i, uint32_t n)
{
    for (uint32_t k = i + 1; k < n; k++) {
        if (counts(&attrs[k]) && attrs[k].key_size == attrs[i].key_size &&
            memcmp(attrs[k].key, attrs[i].key, attrs[i].key_size) == 0) {
            return true;
        }
    }
    return false;
}

static void check_map(const Otel__Wire__KeyValueList *got, const otel_value *want, limits limit, uint32_t depth)
{
    size_t n = 0;
    uint32_t count = want->u.data != NULL && want->form == OTEL_FORM_MEMORY ? want->size : 0;
    for (uint32_t i = 0; i < count; i++) {
        const otel_attr *attr = &want->u.attrs[i];
        if (!counts(attr) || overwritten(want->u.attrs, i, count)) continue;
        assert_true(n < got->n_values);
        check_name(got->values[n]->key, attr->key, attr->key_size);
        check_value(got->values[n]->value, &attr->value, limit, depth + 1);
        n++;
    }
    assert_int_equal(got->n_values, n);
}

static otel_value element(const otel_value *array, uint32_t i)
{
    switch (array->type) {
    case OTEL_TYPE_STRINGS:
        return otel_string(array->u.strings[i]);
    case OTEL_TYPE_INTS:
        return otel_int(array->u.integers[i]);
    case OTEL_TYPE_DOUBLES:
        return otel_double(array->u.numbers[i]);
    case OTEL_TYPE_BOOLS:
        return otel_bool(array->u.booleans[i]);
    default:
        return array->u.values[i];
    }
}

static void check_array(const Otel__Wire__ArrayValue *got, const otel_value *want, limits limit, uint32_t depth)
{
    uint32_t count = want->u.data != NULL && want->form == OTEL_FORM_MEMORY ? want->size : 0;
    assert_int_equal(got->n_values, count);
    for (uint32_t i = 0; i < count; i++) {
        otel_value item = element(want, i);
        check_value(got->values[i], &item, limit, depth + 1);
    }
}

static void check_collection(const any_value *got, const otel_value *want, limits limit, uint32_t depth)
{
    if (depth > limit.depth || depth > 64) {
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE__NOT_SET);
    } else if (want->type == OTEL_TYPE_MAP) {
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_KVLIST_VALUE);
        check_map(got->kvlist_value, want, limit, depth);
    } else {
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_ARRAY_VALUE);
        check_array(got->array_value, want, limit, depth);
    }
}

static void check_value(const any_value *got, const otel_value *want, limits limit, uint32_t depth)
{
    uint64_t bits;
    size_t size = want->u.data != NULL ? want->size : 0;
    assert_non_null(got);
    switch (want->type) {
    case OTEL_TYPE_STRING:
        check_text(got, want->u.string, size, limit.length);
        break;
    case OTEL_TYPE_BYTES:
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_BYTES_VALUE);
        assert_int_equal(got->bytes_value.len, size < limit.length ? size : limit.length);
        if (got->bytes_value.len != 0) assert_memory_equal(got->bytes_value.data, want->u.data, got->bytes_value.len);
        break;
    case OTEL_TYPE_BOOL:
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_BOOL_VALUE);
        assert_int_equal(got->bool_value, want->u.boolean);
        break;
    case OTEL_TYPE_INT:
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_INT_VALUE);
        assert_true(got->int_value == want->u.integer);
        break;
    case OTEL_TYPE_DOUBLE:
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE_DOUBLE_VALUE);
        memcpy(&bits, &got->double_value, 8);
        assert_true(bits == (uint64_t)want->u.integer);
        break;
    case OTEL_TYPE_ARRAY:
    case OTEL_TYPE_MAP:
    case OTEL_TYPE_STRINGS:
    case OTEL_TYPE_INTS:
    case OTEL_TYPE_DOUBLES:
    case OTEL_TYPE_BOOLS:
        check_collection(got, in_memory(want), limit, depth);
        break;
    default:
        assert_int_equal(got->value_case, OTEL__WIRE__ANY_VALUE__VALUE__NOT_SET);
        break;
    }
}

static void check_code_text(const log_record *got, size_t *n, const char *key, const char *text, size_t size,
                            limits limit)
{
    if (text == NULL || size == 0) return;
    assert_true(*n < got->n_attributes);
    assert_string_equal(got->attributes[*n]->key, key);
    check_text(got->attributes[*n]->value, text, size, limit.length);
    ++*n;
}

static void check_code(const log_record *got, size_t *n, const otel_log_site *site, limits limit)
{
    bool old = site->size < sizeof *site;
    check_code_text(got, n, "code.file.path", site->file, old ? otel_size_of(site->file) : site->file_size, limit);
    check_code_text(got, n, "code.function.name", site->function,
                    old ? otel_size_of(site->function) : site->function_size, limit);
    if (site->line <= 0) return;
    assert_true(*n < got->n_attributes);
    assert_string_equal(got->attributes[*n]->key, "code.line.number");
    assert_true(got->attributes[*n]->value->int_value == site->line);
    ++*n;
}

static void check_attributes(const log_record *got, const otel__record_input *want)
{
    size_t n = 0;
    limits limit = {want->value_length_limit, want->depth_limit};
    for (uint32_t i = 0; want->attributes != NULL && i < want->count; i++) {
        const otel_attr *attr = &want->attributes[i];
        if (!counts(attr)) continue;
        assert_true(n < got->n_attributes);
        check_name(got->attributes[n]->key, attr->key, attr->key_size);
        check_value(got->attributes[n]->value, &attr->value, limit, 1);
        n++;
    }
    if (want->site != NULL) check_code(got, &n, want->site, limit);
    assert_int_equal(got->n_attributes, n);
}

static const char *const severity_names[25] = {"",       "TRACE",  "TRACE2", "TRACE3", "TRACE4", "DEBUG",  "DEBUG2",
                                               "DEBUG3", "DEBUG4", "INFO",   "INFO2",  "INFO3",  "INFO4",  "WARN",
                                               "WARN2",  "WARN3",  "WARN4",  "ERROR",  "ERROR2", "ERROR3", "ERROR4",
                                               "FATAL",  "FATAL2", "FATAL3", "FATAL4"};

static void check_fields(const log_record *got, const otel__record_input *want)
{
    int severity = want->severity < 0 || want->severity > 24 ? 0 : want->severity;
    assert_true(got->time_unix_nano == want->time);
    assert_true(got->observed_time_unix_nano == want->observed);
    assert_int_equal(got->severity_number, severity);
    if (want->severity_text.data != NULL) {
        check_name(got->severity_text, want->severity_text.data, want->severity_text.size);
    } else {
        assert_string_equal(got->severity_text, severity_names[severity]);
    }
    check_name(got->event_name, want->event_name.data, want->event_name.data != NULL ? want->event_name.size : 0);
    assert_int_equal(got->dropped_attributes_count, want->dropped_attribute_count);
    if (want->body.type == OTEL_TYPE_EMPTY) {
        assert_null(got->body);
    } else {
        check_value(got->body, &want->body, (limits){UINT32_MAX, 64}, 1);
    }
}

static bool all_zero(const uint8_t *at, size_t n)
{
    while (n > 0 && at[n - 1] == 0) n--;
    return n == 0;
}

static void check_ids(const log_record *got, const otel_span_context *want)
{
    if (want == NULL || all_zero(want->trace_id, 16)) {
        assert_int_equal(got->trace_id.len + got->span_id.len, 0);
        assert_int_equal(got->flags, 0);
        return;
    }
    assert_int_equal(got->flags, want->flags);
    assert_int_equal(got->trace_id.len, 16);
    assert_memory_equal(got->trace_id.data, want->trace_id, 16);
    assert_int_equal(got->span_id.len, all_zero(want->span_id, 8) ? 0 : 8);
    if (got->span_id.len != 0) assert_memory_equal(got->span_id.data, want->span_id, 8);
}

/* What the reader must see: what protobuf-c sees. ------------------------------------------------------------------ */

static void check_read_value(const otel_value *got, const any_value *want);

static void check_read_array(const otel_value *got, const Otel__Wire__ArrayValue *want)
{
    otel_value item;
    otel_iter it = otel_value_items(got);
    for (size_t i = 0; i < want->n_values; i++) {
        assert_true(otel_value_next(&it, &item));
        check_read_value(&item, want->values[i]);
    }
    assert_false(otel_value_next(&it, &item));
}

static void check_read_attr(const otel_attr *got, const key_value *want)
{
    assert_memory_equal(got->key, want->key, got->key_size);
    assert_int_equal(want->key[got->key_size], '\0');
    check_read_value(&got->value, want->value);
}

static void check_read_map(const otel_value *got, const Otel__Wire__KeyValueList *want)
{
    otel_attr entry;
    otel_iter it = otel_value_entries(got);
    for (size_t i = 0; i < want->n_values; i++) {
        /* keys that differed only in bad bytes may be the same now: the iterator gives the last */
        bool again = false;
        for (size_t k = i + 1; k < want->n_values; k++)
            again |= strcmp(want->values[i]->key, want->values[k]->key) == 0;
        if (again) continue;
        assert_true(otel_attr_next(&it, &entry));
        check_read_attr(&entry, want->values[i]);
    }
    assert_false(otel_attr_next(&it, &entry));
}

static void check_read_value(const otel_value *got, const any_value *want)
{
    if (want == NULL || want->value_case == OTEL__WIRE__ANY_VALUE__VALUE__NOT_SET) {
        assert_int_equal(got->type, OTEL_TYPE_EMPTY);
        return;
    }
    assert_int_equal(got->type, want->value_case);
    switch (got->type) {
    case OTEL_TYPE_STRING:
        assert_memory_equal(got->u.string, want->string_value, got->size);
        assert_int_equal(want->string_value[got->size], '\0');
        break;
    case OTEL_TYPE_BYTES:
        assert_int_equal(got->size, want->bytes_value.len);
        if (got->size != 0) assert_memory_equal(got->u.data, want->bytes_value.data, got->size);
        break;
    case OTEL_TYPE_BOOL:
        assert_int_equal(got->u.boolean, want->bool_value);
        break;
    case OTEL_TYPE_INT:
        assert_true(got->u.integer == want->int_value);
        break;
    case OTEL_TYPE_DOUBLE:
        assert_memory_equal(&got->u.number, &want->double_value, 8);
        break;
    case OTEL_TYPE_ARRAY:
        check_read_array(got, want->array_value);
        break;
    default:
        check_read_map(got, want->kvlist_value);
        break;
    }
}

static void check_read_str(otel_str got, const char *want)
{
    assert_int_equal(want[got.size], '\0');
    if (got.size != 0) assert_memory_equal(got.data, want, got.size);
}

static void check_read(const uint8_t *bytes, size_t size, const log_record *want)
{
    otel__record_view view;
    otel_attr attr;
    assert_true(otel__record_read(bytes, size, &view));
    assert_true(view.time == want->time_unix_nano && view.observed == want->observed_time_unix_nano);
    assert_int_equal(view.severity, want->severity_number);
    assert_int_equal(view.dropped_attribute_count, want->dropped_attributes_count);
    check_read_str(view.severity_text, want->severity_text);
    check_read_str(view.event_name, want->event_name);
    check_read_value(&view.body, want->body);
    assert_int_equal(view.span_context.flags, want->flags);
    assert_int_equal(!all_zero(view.span_context.trace_id, 16), want->trace_id.len == 16);
    assert_int_equal(!all_zero(view.span_context.span_id, 8), want->span_id.len == 8);
    if (want->trace_id.len == 16) assert_memory_equal(view.span_context.trace_id, want->trace_id.data, 16);
    if (want->span_id.len == 8) assert_memory_equal(view.span_context.span_id, want->span_id.data, 8);
    assert_int_equal(view.attribute_count, want->n_attributes);
    otel_iter it = otel__attributes_begin(&view);
    for (size_t i = 0; i < want->n_attributes; i++) {
        assert_true(otel__attributes_next(&it, &attr));
        check_read_attr(&attr, want->attributes[i]);
    }
    assert_false(otel__attributes_next(&it, &attr));
}

/* A record cut anywhere is refused exactly when protobuf-c refuses it. */
static void check_cut(const uint8_t *content, size_t size)
{
    otel__record_view view;
    size_t keep = below((uint32_t)size);
    uint8_t *cut = keep <= SLOT ? guarded(keep) : NULL;
    if (cut == NULL) return;
    memcpy(cut, content, keep);
    log_record *oracle = otel__wire__log_record__unpack(NULL, keep, cut);
    assert_int_equal(otel__record_read(cut, keep, &view), oracle != NULL);
    if (oracle != NULL) otel__wire__log_record__free_unpacked(oracle, NULL);
}

/* The tests. ------------------------------------------------------------------------------------------------------- */

static bool check_record(const otel__record_input *input)
{
    otel__record_plan plan;
    uint32_t size = otel__record_size(input, &plan);
    if (size > RECORD_AREA / 2) return false;
    uint8_t *at = record_end - size;
    memset(at - 64, 0xa5, 64 + (size_t)size);
    otel__record_write(at, input, &plan);
    for (int i = 1; i <= 64; i++) assert_int_equal(at[-i], 0xa5);

    size_t content_size;
    assert_int_equal(at[0], 0x12);
    uint8_t *content = otel__wire_written_length(at + 1, &content_size);
    assert_ptr_equal(content + content_size, record_end);
    log_record *got = otel__wire__log_record__unpack(NULL, content_size, content);
    assert_non_null(got);
    check_fields(got, input);
    check_ids(got, input->span_context);
    check_attributes(got, input);
    check_read(content, content_size, got);
    check_cut(content, content_size);
    otel__wire__log_record__free_unpacked(got, NULL);
    return plan.general != 0;
}

static void random_records(void **unused)
{
    (void)unused;
    long general = 0;
    for (long i = 0; i < records; i++) {
        used_slots = 0;
        otel__record_input input = random_record();
        general += check_record(&input);
    }
    print_message("%ld records, %ld of them the general way, seed %llu\n", records, general,
                  (unsigned long long)first_seed);
    assert_true(general > records / 10 && general < records * 9 / 10); /* both ways were tried */
}

static size_t from_hex(const char *hex, uint8_t *out)
{
    size_t n = 0;
    for (unsigned byte; sscanf(hex + 2 * n, "%2x", &byte) == 1; n++) out[n] = (uint8_t)byte;
    return n;
}

/* A request of one record, put together as the batch does: prefix of the resource, prefix of the scope, record. */
static uint8_t *write_request(uint8_t *at, const otel__record_input *record)
{
    const otel_attr resource[] = {OTEL_STR("service.name", "svc")};
    otel__record_plan plan;
    uint64_t resource_size = otel__wire_attributes_size(resource, 1);
    uint64_t scope_size = otel__wire_text_size(3) + otel__wire_text_size(1);
    uint64_t scope_logs = otel__wire_framed_size(scope_size) + otel__record_size(record, &plan);
    uint64_t resource_logs = otel__wire_framed_size(resource_size) + otel__wire_framed_size(scope_logs);
    at = otel__wire_put_head(at, 0x0a, resource_logs);
    at = otel__wire_attributes_write(otel__wire_put_head(at, 0x0a, resource_size), 0x0a, resource, 1);
    at = otel__wire_put_head(at, 0x12, scope_logs);
    at = otel__wire_put_head(at, 0x0a, scope_size);
    at = otel__wire_text_write(otel__wire_text_write(at, 0x0a, "lib", 3), 0x12, "1", 1);
    otel__record_write(at, record, &plan);
    return at + plan.total;
}

static void known_request(void **unused)
{
    (void)unused;
    uint8_t known[256], ours[256], again[256];
    size_t known_size = from_hex("0a750a170a150a0c736572766963652e6e616d6512050a03737663125a0a080a036c6962120131124e"
                                 "09010000000000000010091a04494e464f2a040a02686932070a016b120218054501000000"
                                 "4a100102030405060708090a0b0c0d0e0f105208010203040506070859020000000000000062026576",
                                 known);
    assert_int_equal(known_size, 119);
    otel_span_context context = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
                                 {1, 2, 3, 4, 5, 6, 7, 8},
                                 1,
                                 false,
                                 false,
                                 {0},
                                 {NULL, 0}};
    const otel_attr attributes[] = {OTEL_INT("k", 5)};
    otel__record_input record = {.time = 1, .observed = 2, .attributes = attributes, .count = 1, .severity = 9};
    record.body = otel_string("hi");
    record.event_name = (otel_str){"ev", 2};
    record.span_context = &context;
    record.value_length_limit = UINT32_MAX;
    record.depth_limit = 64;
    assert_int_equal(write_request(ours, &record) - ours, 119);

    /* The order of fields is ours; protobuf-c puts them in the order of their numbers. */
    Otel__Wire__ExportLogsServiceRequest *request = otel__wire__export_logs_service_request__unpack(NULL, 119, ours);
    assert_non_null(request);
    assert_int_equal(otel__wire__export_logs_service_request__pack(request, again), 119);
    assert_memory_equal(again, known, 119);
    otel__wire__export_logs_service_request__free_unpacked(request, NULL);
}

static void known_answers(void **unused)
{
    (void)unused;
    uint8_t bytes[128];
    size_t n = from_hex("0a0708031203626164", bytes);
    Otel__Wire__ExportLogsServiceResponse *response = otel__wire__export_logs_service_response__unpack(NULL, n, bytes);
    assert_non_null(response);
    assert_int_equal(response->partial_success->rejected_log_records, 3);
    assert_string_equal(response->partial_success->error_message, "bad");
    otel__wire__export_logs_service_response__free_unpacked(response, NULL);

    n = from_hex("080e1204627573791a300a28747970652e676f6f676c65617069732e636f6d2f676f6f676c652e7270632e5265747279496e"
                 "666f12040a020805",
                 bytes);
    Otel__Wire__Status *status = otel__wire__status__unpack(NULL, n, bytes);
    assert_non_null(status);
    assert_int_equal(status->code, 14);
    assert_string_equal(status->message, "busy");
    assert_int_equal(status->n_details, 1);
    assert_string_equal(status->details[0]->type_url, "type.googleapis.com/google.rpc.RetryInfo");
    ProtobufCBinaryData detail = status->details[0]->value;
    Otel__Wire__RetryInfo *retry = otel__wire__retry_info__unpack(NULL, detail.len, detail.data);
    assert_non_null(retry);
    assert_int_equal(retry->retry_delay->seconds, 5);
    otel__wire__retry_info__free_unpacked(retry, NULL);
    otel__wire__status__free_unpacked(status, NULL);
}

static void be_long(void)
{
    records = LONG_RECORDS;
    first_seed = (uint64_t)time(NULL) ^ (uint64_t)getpid() << 32;
}

int main(int argc, char **argv)
{
    if (getenv("OTEL_TEST_LONG")) be_long();
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--long") == 0) be_long();
        if (strncmp(argv[i], "--seed=", 7) == 0) first_seed = strtoull(argv[i] + 7, NULL, 0);
        if (strncmp(argv[i], "--records=", 10) == 0) records = strtol(argv[i] + 10, NULL, 0);
    }
    print_message("seed %llu\n", (unsigned long long)first_seed);
    state = (first_seed * UINT64_C(0x9e3779b97f4a7c15)) | 1;
    map_guarded();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_request),
        cmocka_unit_test(known_answers),
        cmocka_unit_test(random_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
