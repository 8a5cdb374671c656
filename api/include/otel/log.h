/* The logging API: what an instrumented component includes. Costs a load and a branch when nobody listens. (Logs API)
 */
#ifndef OTEL_LOG_H
#define OTEL_LOG_H
#include <otel/attr.h>
#include <otel/context.h>
#include <otel/severity.h>
#include <stdarg.h>

struct otel_provider;
struct otel_resource;

/* Who logs: name and version of the instrumented component. Compared by content, copied on first use. Frozen. */
typedef struct otel_scope {
    const char *name;
    const char *version;    /* NULL: none */
    const char *schema_url; /* NULL: none */
    const otel_attr *attributes;
    size_t attribute_count;
} otel_scope;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_scope) == 40, "frozen");

/* Static storage, never freed, usable at any time, by all threads. Nothing keeps its address: the module that holds it
 * may be unloaded. Frozen. */
typedef struct otel_logger {
    otel_scope scope;
    struct otel_provider *provider; /* NULL: whatever provider is global when a call is made */
    void *otel_private[4];          /* zero */
} otel_logger;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_logger) == 80, "frozen");
#define OTEL_LOGGER_INIT(name, version) OTEL_LOGGER_INIT_SCOPE(name, version, OTEL_NULL, OTEL_NULL, 0)
#define OTEL_LOGGER_INIT_SCOPE(name, version, schema_url, attributes, count)                                           \
    {                                                                                                                  \
        {name, version, schema_url, attributes, count}, OTEL_NULL,                                                     \
        {                                                                                                              \
            OTEL_NULL, OTEL_NULL, OTEL_NULL, OTEL_NULL                                                                 \
        }                                                                                                              \
    }

/* Where a record was written; one constant per macro call. Grows at the end only. */
typedef struct otel_log_site {
    uint32_t size; /* sizeof(otel_log_site) */
    int32_t line;
    const char *file;
    const char *function;
    uint32_t file_size; /* without the NUL */
    uint32_t function_size;
} otel_log_site;

/* One type on the whole way: what you hand to otel_logger_emit, what a processor may change, what an exporter reads.
 * Grows at the end only; fields beyond `size` are absent. (Logs Data Model) */
typedef struct otel_log_record {
    uint32_t size; /* sizeof(otel_log_record) */
    otel_severity severity;
    uint64_t time_unix_nano;          /* 0: not known */
    uint64_t observed_time_unix_nano; /* 0 on emit: now */
    otel_value body;
    otel_str severity_text; /* absent on emit: the severity's short name */
    otel_str event_name;
    const otel_attr *attributes; /* on emit; elsewhere use otel_log_record_attrs() */
    uint32_t attribute_count;
    uint32_t dropped_attribute_count;
    const otel_log_site *site;      /* NULL: no code.* attributes */
    const otel_context *context;    /* on emit: NULL = current; in a processor: the resolved one, never NULL */
    otel_span_context span_context; /* on emit: used when its trace id is set, beats the context; elsewhere: resolved */
    const otel_scope *scope;        /* set by the SDK */
    const struct otel_resource *resource; /* set by the SDK */
    void *otel_private;                   /* NULL on emit; the SDK's own state */
} otel_log_record;

OTEL_EXTERN_C_BEGIN

/* [0]: the lowest severity rank that anybody listens to, OTEL_GATE_CLOSED with no SDK. [1]: 1 = that is not the whole
 * answer (providers differ, or a processor wants to be asked). Read it, never write it; its size never changes. */
OTEL_API extern int32_t otel_log_gate[2];

/* Whether a record of that severity from that logger would reach anybody, with the current context. The answer may
 * change at any time: do not keep it. Signal-safe. (Logs API, "Enabled") */
OTEL_API bool otel_logger_enabled(otel_logger *logger, otel_severity severity);
/* The same with a context of your own; NULL: the current one. */
OTEL_API bool otel_logger_enabled_in(otel_logger *logger, otel_severity severity, const otel_context *context);

/* Emits a record: the full call, for everything a record can hold. Attributes may include the OTEL_WITH_... fields,
 * which beat the record's own. Copied before it returns; never blocks on I/O (with the batch processor). Signal-safe
 * with the batch processor. (Logs API, "Emit a LogRecord") */
OTEL_API void otel_logger_emit(otel_logger *logger, const otel_log_record *record);

/* What the macros call. attributes may end early with otel_attr_end(). site NULL: no code.* attributes. As
 * otel_logger_emit. */
OTEL_API void otel_logger_log(otel_logger *logger, const otel_log_site *site, otel_severity severity, otel_value body,
                              const otel_attr *attributes, size_t count);

/* The same with a printf body, cut at 2 KiB (at a character's border), and no attributes. Not signal-safe: printf is
 * not. */
OTEL_API void otel_logger_logf(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                               const char *format, ...) OTEL_PRINTF(4, 5);

/* The same with attributes, which must end with otel_attr_end(). What a bridge needs: the arguments as a va_list. */
OTEL_API void otel_logger_logf_attrs(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                                     const otel_attr *attributes, const char *format, ...) OTEL_PRINTF(5, 6);
OTEL_API void otel_logger_vlogf(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                                const otel_attr *attributes, const char *format, va_list arguments) OTEL_PRINTF(5, 0);

/* Attributes for every record of a context, what other loggers call a diagnostic context (MDC): a request's id, a
 * step's name. A record's own attribute of the same key wins, then the innermost. Bound ones count against the limits
 * after the record's own; fields (OTEL_WITH_...) among them are passed over. The array and the entry stay yours and
 * must live, unchanged, as long as the context and its copies. Frozen. */
typedef struct otel_log_attributes {
    const struct otel_log_attributes *outer; /* NULL: none */
    const otel_attr *attributes;
    size_t count;
} otel_log_attributes;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_log_attributes) == 24, "frozen");

/* A context (NULL: the empty one) with some more of them; *entry is filled here. For programs that hand contexts on
 * explicitly (OTEL_WITH_CONTEXT). Signal-safe. */
OTEL_API otel_context otel_context_with_log_attributes(const otel_context *context, otel_log_attributes *entry,
                                                       const otel_attr *attributes, size_t count);

/* The same for the calling thread for a while: what is bound holds for each of its records from bind to unbind, in
 * whichever function. unbind in the reverse order, on the same thread; false: out of order, as otel_context_detach.
 * Signal-safe when the handler unbinds what it bound. */
typedef struct otel_log_binding {
    otel_log_attributes entry;
    otel_context_token token;
} otel_log_binding;
OTEL_API void otel_log_bind(otel_log_binding *binding, const otel_attr *attributes, size_t count);
OTEL_API bool otel_log_unbind(const otel_log_binding *binding);

#ifdef __GNUC__
#define OTEL_P_LOAD(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#else
#define OTEL_P_LOAD(x) (*(volatile int32_t *)&(x))
#endif
/* The macros' question: almost always one load and one branch. */
OTEL_INLINE bool otel_log_wanted(otel_logger *logger, otel_severity severity)
{
    return OTEL_UNLIKELY(OTEL_SEVERITY_RANK(severity) >= OTEL_P_LOAD(otel_log_gate[0])) &&
           (OTEL_P_LOAD(otel_log_gate[1]) == 0 || otel_logger_enabled(logger, severity));
}
OTEL_EXTERN_C_END

/* Compile levels out: -DOTEL_LOG_MIN_SEVERITY=9 removes TRACE and DEBUG calls, arguments and all. */
#ifndef OTEL_LOG_MIN_SEVERITY
#define OTEL_LOG_MIN_SEVERITY 0
#endif
#ifndef OTEL_FILE
#define OTEL_FILE __FILE__ /* a literal or an array; override it to keep build paths out of the binary */
#endif

#define OTEL_P_SITE                                                                                                    \
    static const otel_log_site otel_p_site = {OTEL_CAST(uint32_t, sizeof(otel_log_site)),                              \
                                              __LINE__,                                                                \
                                              OTEL_FILE,                                                               \
                                              __func__,                                                                \
                                              OTEL_CAST(uint32_t, sizeof(OTEL_FILE) - 1),                              \
                                              OTEL_CAST(uint32_t, sizeof(__func__) - 1)}
#define OTEL_P_WHEN(logger, severity)                                                                                  \
    if (OTEL_SEVERITY_RANK(severity) >= OTEL_LOG_MIN_SEVERITY && otel_log_wanted(logger, severity))

#ifdef __cplusplus
inline void otel_p_log(otel_logger *logger, const otel_log_site *site, otel_severity severity, otel_value body,
                       std::initializer_list<otel_attr> attributes)
{
    otel_logger_log(logger, site, severity, body, attributes.begin(), attributes.size() - 1);
}
#define OTEL_P_LOG(logger, severity, body, ...)                                                                        \
    do {                                                                                                               \
        OTEL_P_WHEN(logger, severity)                                                                                  \
        {                                                                                                              \
            OTEL_P_SITE;                                                                                               \
            otel_p_log(logger, &otel_p_site, severity, body, {__VA_ARGS__});                                           \
        }                                                                                                              \
    } while (false)
#else
#define OTEL_P_LOG(logger, severity, body, ...)                                                                        \
    do {                                                                                                               \
        OTEL_P_WHEN(logger, severity)                                                                                  \
        {                                                                                                              \
            OTEL_P_SITE;                                                                                               \
            const otel_attr otel_p_attrs[] = {__VA_ARGS__};                                                            \
            otel_logger_log(logger, &otel_p_site, severity, body, otel_p_attrs,                                        \
                            sizeof otel_p_attrs / sizeof otel_p_attrs[0] - 1);                                         \
        }                                                                                                              \
    } while (0)
#endif
#define OTEL_P_LOG_TEXT(logger, severity, text, ...) OTEL_P_LOG(logger, severity, otel_string(text), __VA_ARGS__)
#define OTEL_P_EVENT(logger, severity, name, ...)                                                                      \
    OTEL_P_LOG(logger, severity, otel_empty(), OTEL_WITH_EVENT_NAME(name), __VA_ARGS__)

/* OTEL_LOG(&logger, severity, "text", attributes...)   OTEL_LOG_VALUE(&logger, severity, value, attributes...)
 * The severity is checked before any argument is evaluated. The text is not a format. */
#define OTEL_LOG(logger, severity, ...) OTEL_P_LOG_TEXT(logger, severity, __VA_ARGS__, otel_attr_end())
#define OTEL_LOG_VALUE(logger, severity, ...) OTEL_P_LOG(logger, severity, __VA_ARGS__, otel_attr_end())
#define OTEL_LOG_TRACE(logger, ...) OTEL_LOG(logger, OTEL_SEVERITY_TRACE, __VA_ARGS__)
#define OTEL_LOG_DEBUG(logger, ...) OTEL_LOG(logger, OTEL_SEVERITY_DEBUG, __VA_ARGS__)
#define OTEL_LOG_INFO(logger, ...) OTEL_LOG(logger, OTEL_SEVERITY_INFO, __VA_ARGS__)
#define OTEL_LOG_WARN(logger, ...) OTEL_LOG(logger, OTEL_SEVERITY_WARN, __VA_ARGS__)
#define OTEL_LOG_ERROR(logger, ...) OTEL_LOG(logger, OTEL_SEVERITY_ERROR, __VA_ARGS__)
#define OTEL_LOG_FATAL(logger, ...) OTEL_LOG(logger, OTEL_SEVERITY_FATAL, __VA_ARGS__)
/* An event: a name from a small fixed set, attributes as payload. (Logs Data Model, "Field: EventName") */
#define OTEL_EVENT(logger, severity, ...) OTEL_P_EVENT(logger, severity, __VA_ARGS__, otel_attr_end())
/* A printf body, checked by the compiler, no attributes; cut at 2 KiB. */
#define OTEL_LOGF(logger, severity, ...)                                                                               \
    do {                                                                                                               \
        OTEL_P_WHEN(logger, severity)                                                                                  \
        {                                                                                                              \
            OTEL_P_SITE;                                                                                               \
            otel_logger_logf(logger, &otel_p_site, severity, __VA_ARGS__);                                             \
        }                                                                                                              \
    } while (0)
/* A printf body and attributes in one call:
 * OTEL_LOGF_ATTRS_INFO(&logger, OTEL_ATTRS(OTEL_STR("order.id", id), OTEL_INT("items", n)), "placed in %d ms", ms) */
#define OTEL_LOGF_ATTRS(logger, severity, attributes, ...)                                                             \
    do {                                                                                                               \
        OTEL_P_WHEN(logger, severity)                                                                                  \
        {                                                                                                              \
            OTEL_P_SITE;                                                                                               \
            otel_logger_logf_attrs(logger, &otel_p_site, severity, attributes, __VA_ARGS__);                           \
        }                                                                                                              \
    } while (0)
#define OTEL_LOGF_TRACE(logger, ...) OTEL_LOGF(logger, OTEL_SEVERITY_TRACE, __VA_ARGS__)
#define OTEL_LOGF_DEBUG(logger, ...) OTEL_LOGF(logger, OTEL_SEVERITY_DEBUG, __VA_ARGS__)
#define OTEL_LOGF_INFO(logger, ...) OTEL_LOGF(logger, OTEL_SEVERITY_INFO, __VA_ARGS__)
#define OTEL_LOGF_WARN(logger, ...) OTEL_LOGF(logger, OTEL_SEVERITY_WARN, __VA_ARGS__)
#define OTEL_LOGF_ERROR(logger, ...) OTEL_LOGF(logger, OTEL_SEVERITY_ERROR, __VA_ARGS__)
#define OTEL_LOGF_FATAL(logger, ...) OTEL_LOGF(logger, OTEL_SEVERITY_FATAL, __VA_ARGS__)
#define OTEL_LOGF_ATTRS_TRACE(logger, attributes, ...)                                                                 \
    OTEL_LOGF_ATTRS(logger, OTEL_SEVERITY_TRACE, attributes, __VA_ARGS__)
#define OTEL_LOGF_ATTRS_DEBUG(logger, attributes, ...)                                                                 \
    OTEL_LOGF_ATTRS(logger, OTEL_SEVERITY_DEBUG, attributes, __VA_ARGS__)
#define OTEL_LOGF_ATTRS_INFO(logger, attributes, ...)                                                                  \
    OTEL_LOGF_ATTRS(logger, OTEL_SEVERITY_INFO, attributes, __VA_ARGS__)
#define OTEL_LOGF_ATTRS_WARN(logger, attributes, ...)                                                                  \
    OTEL_LOGF_ATTRS(logger, OTEL_SEVERITY_WARN, attributes, __VA_ARGS__)
#define OTEL_LOGF_ATTRS_ERROR(logger, attributes, ...)                                                                 \
    OTEL_LOGF_ATTRS(logger, OTEL_SEVERITY_ERROR, attributes, __VA_ARGS__)
#define OTEL_LOGF_ATTRS_FATAL(logger, attributes, ...)                                                                 \
    OTEL_LOGF_ATTRS(logger, OTEL_SEVERITY_FATAL, attributes, __VA_ARGS__)
#endif
