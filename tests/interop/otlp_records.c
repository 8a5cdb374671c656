/* Emits records of every shape through the public API, and prints what each was given, one JSON line a record: the
 * other half (decode.py) reads the bytes that were sent and compares. Texts are printed as hexadecimal, because not all
 * are UTF-8; a value is [kind, content].
 *   otlp_records SEED COUNT [deep]      deep: collections nested about as deep as the limit, and below it */
#include <otel/otel.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 4 << 20, ATTRIBUTES = 160, SCOPES = 7 };

static uint64_t state;
static bool deep;

static uint64_t bits(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint32_t below(uint32_t n)
{
    return (uint32_t)(bits() % n);
}

static bool one_in(uint32_t n)
{
    return below(n) == 0;
}

/* Memory for one record. */
static char room[ROOM];
static size_t used;

static void *take(size_t size)
{
    size_t at = (used + 15) & ~(size_t)15;
    if (at + size > ROOM) abort();
    used = at + size;
    return room + at;
}

/* What is printed. ------------------------------------------------------------------------------------------------- */

static void print_hex(const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    putchar('"');
    for (size_t i = 0; i < size; i++) printf("%02x", at[i]);
    putchar('"');
}

static void print_text(const char *kind, const void *bytes, size_t size)
{
    printf("[\"%s\",", kind);
    print_hex(bytes, size);
    putchar(']');
}

static void print_field(const char *name, const char *text)
{
    printf(",\"%s\":", name);
    if (text)
        print_hex(text, strlen(text));
    else
        printf("null");
}

/* Texts. ----------------------------------------------------------------------------------------------------------- */

static const char *const pieces[] = {
    "a",    "order", "\n", "\"", "\xc3\xa9", "\xe2\x82\xac", "\xed\x9f\xbf", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf",
    "\x01", "{\\}",  " "};
static const char *const broken[] = {"\xff",     "\xc3",     "\xc0\xaf",    "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                     "\x80\x80", "\xe2\x82", "\xf0\x9f\x98"};

/* Of about that many bytes; now and then not UTF-8. NUL-terminated. */
static const char *make_text(size_t least)
{
    char *text = take(least + 64);
    size_t n = 0, most = least + 32;
    while (n < least) {
        bool bad = one_in(60);
        const char *piece =
            bad ? broken[below(sizeof broken / sizeof *broken)] : pieces[below(sizeof pieces / sizeof *pieces)];
        size_t size = strlen(piece);
        if (n + size > most) break;
        memcpy(text + n, piece, size);
        n += size;
    }
    text[n] = '\0';
    return text;
}

static size_t some_length(void)
{
    switch (below(12)) {
    case 0:
        return 0;
    case 1:
        return 100 + below(60);
    case 2:
        return one_in(10) ? 16300 + below(200) : 20;
    case 3:
        return one_in(30) ? 100000 : 3;
    default:
        return 1 + below(30);
    }
}

/* Values: made and printed at once. -------------------------------------------------------------------------------- */

static otel_value make_value(uint32_t depth);

static otel_value make_string(void)
{
    const char *text = make_text(some_length());
    print_text("text", text, strlen(text));
    return otel_string(text);
}

static otel_value make_bytes(void)
{
    size_t size = some_length();
    uint8_t *bytes = take(size + 1);
    for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)bits();
    print_text("bytes", bytes, size);
    return otel_bytes(bytes, size);
}

static int64_t some_integer(void)
{
    static const int64_t edges[] = {0, 1, -1, 127, 128, 16383, 16384, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    return one_in(2) ? edges[below(sizeof edges / sizeof *edges)] : (int64_t)(bits() >> below(64));
}

static double some_double(void)
{
    static const double edges[] = {0.0, -0.0, 0.1, 1e308, 5e-324, 1.0, -2.5};
    uint64_t random = bits();
    double made;
    if (one_in(2)) return edges[below(sizeof edges / sizeof *edges)];
    if (one_in(4)) random = one_in(2) ? UINT64_C(0x7ff0000000000000) : UINT64_C(0xfff8000000000001); /* infinity, NaN */
    memcpy(&made, &random, sizeof made);
    return made;
}

static void print_double(double d)
{
    uint64_t word;
    memcpy(&word, &d, sizeof word);
    printf("[\"double\",\"%016" PRIx64 "\"]", word);
}

static otel_value make_plural(uint32_t kind)
{
    uint32_t n = below(6);
    int64_t *integers = take(8 * sizeof *integers);
    double *numbers = take(8 * sizeof *numbers);
    bool *flags = take(8);
    const char **texts = take(8 * sizeof *texts);
    printf("[\"array\",[");
    for (uint32_t i = 0; i < n; i++) {
        if (i) putchar(',');
        integers[i] = some_integer();
        numbers[i] = some_double();
        flags[i] = one_in(2);
        texts[i] = one_in(8) ? NULL : make_text(below(12));
        if (kind == 0) printf("[\"int\",\"%" PRId64 "\"]", integers[i]);
        if (kind == 1) print_double(numbers[i]);
        if (kind == 2) printf("[\"bool\",%s]", flags[i] ? "true" : "false");
        if (kind == 3 && texts[i]) print_text("text", texts[i], strlen(texts[i]));
        if (kind == 3 && !texts[i]) printf("[\"empty\"]");
    }
    printf("]]");
    if (kind == 0) return otel_ints(integers, n);
    if (kind == 1) return otel_doubles(numbers, n);
    return kind == 2 ? otel_bools(flags, n) : otel_strings(texts, n);
}

static otel_value make_array(uint32_t depth)
{
    uint32_t n = deep ? 1 : below(5);
    otel_value *values = take((n + 1) * sizeof *values);
    printf("[\"array\",[");
    for (uint32_t i = 0; i < n; i++) {
        if (i) putchar(',');
        values[i] = make_value(depth + 1);
    }
    printf("]]");
    return otel_array(values, n);
}

/* Prints [key, value]. Sometimes the key that came before, or none. */
static otel_attr make_attr(uint32_t depth, uint32_t number, const otel_attr *before)
{
    char *key = take(64);
    snprintf(key, 64, "%s.%u%s", one_in(3) ? "k" : "some.longer.key", number,
             one_in(20)   ? "\xc3\xa9"
             : one_in(40) ? "\xff"
                          : "");
    uint32_t size = otel_size_of(key);
    if (before && one_in(12)) {
        key = (char *)(uintptr_t)before->key;
        size = before->key_size;
    } else if (one_in(50)) {
        size = 0;
    }
    putchar('[');
    print_hex(key, size);
    putchar(',');
    otel_value value = make_value(depth);
    putchar(']');
    return otel_attrn(key, size, value);
}

static otel_value make_map(uint32_t depth)
{
    uint32_t n = deep ? 1 : below(5);
    otel_attr *attrs = take((n + 1) * sizeof *attrs);
    printf("[\"map\",[");
    for (uint32_t i = 0; i < n; i++) {
        if (i) putchar(',');
        attrs[i] = make_attr(depth + 1, i, i ? &attrs[i - 1] : NULL);
    }
    printf("]]");
    return otel_map(attrs, n);
}

static otel_value make_scalar(void)
{
    int64_t integer = some_integer();
    double number = some_double();
    bool flag = one_in(2);
    switch (below(6)) {
    case 0:
        printf("[\"int\",\"%" PRId64 "\"]", integer);
        return otel_int(integer);
    case 1:
        print_double(number);
        return otel_double(number);
    case 2:
        printf("[\"bool\",%s]", flag ? "true" : "false");
        return otel_bool(flag);
    case 3:
        if (one_in(3)) return make_bytes();
        printf("[\"empty\"]");
        return otel_empty();
    default:
        return make_string();
    }
}

static otel_value make_value(uint32_t depth)
{
    uint32_t limit = deep ? 60 + below(10) : 5;
    if (depth < limit && (deep || one_in(3))) {
        if (one_in(5) && !deep) return make_plural(below(4));
        return one_in(2) ? make_array(depth) : make_map(depth);
    }
    return make_scalar();
}

/* Records. --------------------------------------------------------------------------------------------------------- */

static const otel_attr scope_attributes[] = {OTEL_STATIC_STR("team", "blue"), OTEL_STATIC_STR("bad", "\xff\xfe"),
                                             OTEL_STATIC_STR("euro", "\xe2\x82\xac")};
static otel_logger loggers[SCOPES] = {
    OTEL_LOGGER_INIT("shop.checkout", "1.4.0"),
    OTEL_LOGGER_INIT("shop.checkout", NULL),
    OTEL_LOGGER_INIT("", NULL),
    OTEL_LOGGER_INIT("n\xff"
                     "ame",
                     "v\xc3"),
    OTEL_LOGGER_INIT_SCOPE("whole", "2", "https://example.com/schemas/1.2.3", scope_attributes, 3),
    OTEL_LOGGER_INIT_SCOPE("whole", "2", "https://example.com/schemas/1.2.3", scope_attributes, 2),
    OTEL_LOGGER_INIT_SCOPE("whole", "2", "https://example.com/schemas/1.2.4", scope_attributes, 3),
};

static void print_scope(const otel_scope *scope)
{
    printf("{\"scope\":{\"name\":");
    print_hex(scope->name, strlen(scope->name));
    print_field("version", scope->version);
    print_field("schema_url", scope->schema_url);
    printf(",\"attributes\":[");
    for (size_t i = 0; i < scope->attribute_count; i++) {
        const otel_attr *a = &scope->attributes[i];
        printf(i ? ",[" : "[");
        print_hex(a->key, a->key_size);
        putchar(',');
        print_text("text", a->value.u.string, a->value.size);
        putchar(']');
    }
    printf("]}");
}

static otel_span_context some_span_context(void)
{
    otel_span_context span = {.flags = (uint8_t)bits()};
    uint32_t kind = below(4);
    for (size_t i = 0; i < 16 && kind != 0; i++) span.trace_id[i] = (uint8_t)(bits() | (i == 7));
    for (size_t i = 0; i < 8 && kind > 1; i++) span.span_id[i] = (uint8_t)(bits() | (i == 3));
    return span;
}

static void print_span(const char *name, const otel_span_context *span)
{
    printf(",\"%s\":{\"trace_id\":", name);
    print_hex(span->trace_id, 16);
    printf(",\"span_id\":");
    print_hex(span->span_id, 8);
    printf(",\"flags\":%u}", span->flags);
}

static uint64_t some_time(void)
{
    static const uint64_t edges[] = {0, 1, UINT64_MAX, UINT64_C(1700000000123456789)};
    return edges[below(4)];
}

static void print_time(const char *name, uint64_t time)
{
    printf(",\"%s\":\"%" PRIu64 "\"", name, time);
}

static uint32_t attribute_number(void)
{
    if (deep) return 2;
    return one_in(40) ? 120 + below(30) : below(10);
}

/* Attributes proper; prints them. */
static uint32_t make_attributes(otel_attr *attrs)
{
    uint32_t n = attribute_number();
    printf(",\"attributes\":[");
    for (uint32_t i = 0; i < n; i++) {
        if (i) putchar(',');
        attrs[i] = make_attr(1, i, i ? &attrs[i - 1] : NULL);
    }
    putchar(']');
    return n;
}

static uint32_t add_exception(otel_attr *attrs, uint32_t n)
{
    const char *type = one_in(5) ? NULL : make_text(8), *message = one_in(5) ? NULL : make_text(40),
               *stack = one_in(2) ? NULL : make_text(300);
    const otel_attr three[] = {OTEL_EXCEPTION(type, message, stack)};
    printf(",\"exception\":{\"x\":0");
    print_field("type", type);
    print_field("message", message);
    print_field("stacktrace", stack);
    putchar('}');
    memcpy(attrs + n, three, sizeof three);
    return n + 3;
}

/* The full call: everything stands in the record. */
static void emit_whole(otel_logger *logger)
{
    static const int32_t odd[] = {-1, 25, 1000000};
    otel_attr *attrs = take(ATTRIBUTES * sizeof *attrs);
    otel_log_record record = {.size = sizeof record, .attributes = attrs};
    record.severity = one_in(50) ? odd[below(3)] : (int32_t)below(25);
    record.time_unix_nano = some_time();
    record.observed_time_unix_nano = some_time();
    printf(",\"severity\":%d", record.severity);
    print_time("time", record.time_unix_nano);
    print_time("observed", record.observed_time_unix_nano);
    if (one_in(4)) record.span_context = some_span_context();
    print_span("span", &record.span_context);
    if (one_in(4)) {
        const char *text = make_text(1 + below(10)), *event = make_text(1 + below(200));
        record.severity_text = (otel_str){text, strlen(text)};
        record.event_name = (otel_str){event, strlen(event)};
        print_field("severity_text", text);
        print_field("event_name", event);
    }
    printf(",\"body\":");
    record.body = make_value(1);
    record.attribute_count = make_attributes(attrs);
    record.dropped_attribute_count = one_in(20) ? below(1000) : 0;
    printf(",\"dropped\":%u", record.dropped_attribute_count);
    otel_logger_emit(logger, &record);
}

/* What the macros call: fields stand among the attributes, and there is a site. */
static void log_with_fields(otel_logger *logger)
{
    static const otel_log_site site = {.size = sizeof site,
                                       .line = 321,
                                       .file = "some/file.c",
                                       .function = "some_function",
                                       .file_size = 11,
                                       .function_size = 13};
    otel_attr *attrs = take(ATTRIBUTES * sizeof *attrs);
    int32_t severity = 1 + (int32_t)below(24);
    bool sited = !one_in(4);
    printf(",\"severity\":%d,\"site\":%s", severity, sited ? "[\"some/file.c\",321,\"some_function\"]" : "null");
    printf(",\"body\":");
    otel_value body = one_in(3) ? make_value(1) : make_string();
    uint32_t n = make_attributes(attrs);
    if (one_in(4)) n = add_exception(attrs, n);
    if (one_in(4)) {
        uint64_t time = some_time();
        print_time("time", time);
        attrs[n++] = OTEL_WITH_TIME(time);
    }
    if (one_in(4)) {
        const char *event = make_text(1 + below(20));
        print_field("event_name", event);
        attrs[n++] = OTEL_WITH_EVENT_NAME(event);
    }
    if (one_in(4)) {
        otel_span_context *span = take(sizeof *span);
        *span = some_span_context();
        print_span("span", span);
        attrs[n++] = OTEL_WITH_SPAN_CONTEXT(span);
    }
    otel_logger_log(logger, sited ? &site : NULL, severity, body, attrs, n);
}

int main(int argc, char **argv)
{
    otel_pipeline_books books;
    if (argc < 3) return 2;
    state = strtoull(argv[1], NULL, 10);
    deep = argc > 3;
    if (otel_start(&(otel_options){.service_name = "interop \xe2\x82\xac", .service_version = "9"}) != OTEL_OK)
        return 1;
    for (long count = strtol(argv[2], NULL, 10); count > 0; count--) {
        otel_logger *logger = &loggers[below(SCOPES)];
        used = 0;
        print_scope(&logger->scope);
        if (one_in(2))
            emit_whole(logger);
        else
            log_with_fields(logger);
        puts("}");
    }
    if (otel_stop(20000) != OTEL_OK || fflush(stdout) != 0) return 1;
    return !otel_provider_pipeline_books(NULL, 0, &books) || books.exported != books.taken;
}
