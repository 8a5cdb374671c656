/* Uses every macro that the public headers define, in what C11, C++11 and C++17 have in common. Compiled with each
 * compiler and every warning as an error; package_test.sh sees to it that no macro is left out. */
#include <otel/exporters/console.h>
#include <otel/exporters/http.h>
#include <otel/exporters/otlp.h>
#include <otel/otel.h>
#include <otel/sdk/environment.h>

static const otel_attr scope_attributes[] = {OTEL_STATIC_STR("team", "tests")};
static otel_logger logger = OTEL_LOGGER_INIT("uses", "1.0");
static otel_logger whole =
    OTEL_LOGGER_INIT_SCOPE("uses.whole", OTEL_NULL, "https://example.com/1", scope_attributes, 1);

static void values(void)
{
    static const int64_t integers[] = {1, -2};
    static const double numbers[] = {0.5};
    static const bool flags[] = {true, false};
    static const char *const texts[] = {"a", "b"};
    static const unsigned char bytes[] = {0, 255};
    size_t size = sizeof bytes;
    OTEL_LOG(&logger, OTEL_SEVERITY_INFO2, "values", OTEL_STR("s", "x"), OTEL_STRN("n", "xyz", size),
             OTEL_INT("i", size), OTEL_INT("c", 'c'), OTEL_DOUBLE("d", 1.5), OTEL_DOUBLE("f", 1.5f), OTEL_BOOL("b", 1),
             OTEL_EMPTY("e"), OTEL_BYTES("y", bytes, size));
    OTEL_LOG_INFO(&whole, "lists", OTEL_INTS("is", integers, 2), OTEL_DOUBLES("ds", numbers, 1),
                  OTEL_BOOLS("bs", flags, 2), OTEL_STRS("ss", texts, 2), OTEL_VALUE("v", otel_string("x")),
                  OTEL_ARRAY("a", otel_int(1), otel_string("two")), OTEL_ARRAY("none"),
                  OTEL_MAP("m", OTEL_STR("k", "v"), OTEL_INT("n", 1)), OTEL_MAP("nothing"));
}

static void severities(int n)
{
    OTEL_LOG_TRACE(&logger, "t");
    OTEL_LOG_DEBUG(&logger, "d", OTEL_INT("n", n));
    OTEL_LOG_INFO(&logger, "i");
    OTEL_LOG_WARN(&logger, "w");
    OTEL_LOG_ERROR(&logger, "e", OTEL_EXCEPTION("io", "no such file", OTEL_NULL));
    OTEL_LOG_FATAL(&logger, "f");
    OTEL_LOG_VALUE(&logger, OTEL_SEVERITY_INFO, otel_int(n));
    OTEL_LOGF(&logger, OTEL_SEVERITY_INFO, "%d", n);
    OTEL_LOGF_TRACE(&logger, "t");
    OTEL_LOGF_DEBUG(&logger, "%d", n);
    OTEL_LOGF_INFO(&logger, "%s", "i");
    OTEL_LOGF_WARN(&logger, "w");
    OTEL_LOGF_ERROR(&logger, "%zu", sizeof n);
    OTEL_LOGF_FATAL(&logger, "f");
    if (n)
        OTEL_LOG_INFO(&logger, "a macro is one statement");
    else
        OTEL_LOGF_INFO(&logger, "%s", "in both branches");
}

static void formatted(int n)
{
    static const otel_attr request[] = {OTEL_STATIC_STR("request.id", "r-1")};
    otel_log_binding binding;
    otel_log_bind(&binding, request, 1);
    OTEL_LOGF_ATTRS(&logger, OTEL_SEVERITY_INFO, OTEL_ATTRS(OTEL_STR("k", "v"), OTEL_INT("n", n)), "%d of %s", n, "it");
    OTEL_LOGF_ATTRS_TRACE(&logger, OTEL_ATTRS(OTEL_INT("n", n)), "t");
    OTEL_LOGF_ATTRS_DEBUG(&logger, OTEL_ATTRS(OTEL_MAP("m", OTEL_INT("n", n))), "%d", n);
    OTEL_LOGF_ATTRS_INFO(&logger, OTEL_ATTRS(OTEL_INT("n", n)), "%d", n);
    OTEL_LOGF_ATTRS_WARN(&logger, OTEL_ATTRS(OTEL_INT("n", n)), "%d", n);
    OTEL_LOGF_ATTRS_ERROR(&logger, OTEL_ATTRS(OTEL_EXCEPTION("io", OTEL_NULL, OTEL_NULL)), "%d", n);
    OTEL_LOGF_ATTRS_FATAL(&logger, OTEL_ATTRS(OTEL_INT("n", n)), "%d", n);
    (void)otel_log_unbind(&binding);
}

static void fields(const otel_context *context, const otel_span_context *span)
{
    OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "order.placed", OTEL_INT("items", 3));
    OTEL_LOG_INFO(&logger, "fields", OTEL_WITH_CONTEXT(context), OTEL_WITH_SPAN_CONTEXT(span), OTEL_WITH_TIME(1u),
                  OTEL_WITH_OBSERVED_TIME(2u), OTEL_WITH_EVENT_NAME("e"), OTEL_WITH_SEVERITY_TEXT("notice"));
    if (OTEL_SEVERITY_RANK(OTEL_SEVERITY_WARN) < OTEL_SEVERITY_RANK(OTEL_SEVERITY_INFO)) values();
}

int main(void)
{
    static otel_options options;
    otel_context context = otel_context_current();
    options.service_name = "uses";
    if (otel_start(&options) != OTEL_OK) return 1;
    values();
    severities(1);
    formatted(1);
    fields(&context, &context.span_context);
    return otel_stop(1000) != OTEL_OK;
}
