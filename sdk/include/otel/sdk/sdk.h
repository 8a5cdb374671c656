/* Start, stop, books; and provider objects for those who want more than one. Set-up functions are for any thread, one
 * at a time; none is signal-safe. (Logs SDK, "LoggerProvider") */
#ifndef OTEL_SDK_SDK_H
#define OTEL_SDK_SDK_H
#include <otel/provider.h>
#include <otel/sdk/diag.h>
#include <otel/sdk/log_exporter.h>
#include <otel/sdk/log_processor.h>

#define OTEL_SDK_VERSION "0.1.0"

enum { OTEL_ENV_WINS = 0, OTEL_CODE_WINS = 1, OTEL_ENV_IGNORED = 2 };
enum { OTEL_RUN_THREAD = 0, OTEL_RUN_HOST = 1 }; /* HOST: no thread of ours, the host calls otel_poll */
enum {
    OTEL_FORK_RESTART = 0,
    OTEL_FORK_INERT = 1
}; /* what the child of a fork does: export its own records, or nothing */

/* {0} means defaults. Grows at the end only. */
typedef struct otel_options {
    const char *service_name;    /* a fallback: OTEL_SERVICE_NAME wins */
    const char *service_version; /* likewise */
    const char *logs_exporter;   /* "console", "otlp,console", "none"; a fallback: OTEL_LOGS_EXPORTER wins */
    const char *log_levels; /* "*=info,shop.*=debug,lib=off", the last match wins; a fallback: OTEL_C_LOG_LEVELS wins */
    otel_log_processor *const
        *log_processors; /* in order; owned from now on, failure included; a NULL element refuses */
    size_t log_processor_count;
    const otel_attr *resource_attributes; /* final: they beat the environment */
    size_t resource_attribute_count;
    uint32_t environment;       /* OTEL_ENV_... */
    uint32_t run;               /* OTEL_RUN_... */
    uint32_t fork;              /* OTEL_FORK_... */
    uint32_t code_location_off; /* 1: no code.* attributes; OTEL_C_CODE_LOCATION wins */
    uint32_t wait_for_room_ms;  /* of the batch processors made from the environment; OTEL_C_BLRP_WAIT_MS wins */
    uint32_t flush_on_fatal_ms; /* 0: no. A call that logs FATAL or above returns when all that was emitted is exported,
                                   or after so long; not in host mode. OTEL_C_FLUSH_ON_FATAL_MS wins */
    const char *log_levels_file; /* beats log_levels when it can be read; read again within a second or two of a change.
                                    OTEL_C_LOG_LEVELS_FILE wins */
    uint32_t attribute_count_limit; /* of a record; 0: 128; OTEL_ZERO: none are kept; at most 1024 (above 128 a record
                                       of more takes heap memory: not for signal handlers).
                                       OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT, OTEL_ATTRIBUTE_COUNT_LIMIT win */
    uint32_t attribute_value_length_limit; /* characters of strings, bytes of bytes; 0: no limit; OTEL_ZERO: nothing of
                                              them is kept. OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT,
                                              OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT win */
    const char *resource_detectors;        /* "host,os", "all", "none"; a fallback: OTEL_C_RESOURCE_DETECTORS wins */
    const otel_resource *resource;         /* final, as resource_attributes, with a schema URL; copied */
    const char *propagators; /* "tracecontext,baggage"; a fallback: OTEL_PROPAGATORS wins. NULL: those two, unless the
                                program has set some (otel_propagators_set) */
    const char *log_trace_based; /* "shop.*,lib": these loggers' records are dropped inside a trace that is not sampled;
                                    OTEL_C_LOG_TRACE_BASED wins (Logs SDK, "LoggerConfig") */
} otel_options;

/* accepted = filtered + suppressed + delivered, at any moment. */
typedef struct otel_books {
    uint64_t accepted;   /* records that calls handed to the provider */
    uint64_t filtered;   /* dropped by a processor or because nobody listened */
    uint64_t suppressed; /* made by a thread that was inside the SDK already */
    uint64_t delivered;  /* offered to an exporting processor */
} otel_books;

/* taken = exported + rejected + every dropped_... + queued + spooled, at any moment, for each exporting processor. */
typedef struct otel_pipeline_books {
    char exporter[32];
    uint64_t taken, exported, rejected, queued, spooled;
    uint64_t dropped_queue_full, dropped_too_large, dropped_retry_exhausted, dropped_after_stop, dropped_out_of_memory,
        dropped_spool_full, dropped_spool_corrupt, dropped_fork_child;
} otel_pipeline_books;

OTEL_EXTERN_C_BEGIN
/* Makes a provider and makes it global. OTEL_OK also when nothing is exported. OTEL_ERR_ALREADY: there is a global
 * provider; what the options owned is destroyed. otel_start of <otel/otel.h> is this with every exporter that was
 * built. */
OTEL_API otel_result otel_sdk_start_sized(const otel_options *options, size_t size);
OTEL_SDK_INLINE otel_result otel_sdk_start(const otel_options *options)
{
    return otel_sdk_start_sized(options, sizeof(otel_options));
}
/* Takes away the provider that was started, exports what is queued, and frees it; at most `ms` plus 100 milliseconds.
 * OTEL_OK: everything that was queued has been exported or refused. OTEL_ERR_TIMEOUT: the deadline came first; what was
 * left is counted as dropped_after_stop (a thread that is still inside keeps the memory, on purpose). OTEL_OK when
 * nothing was started. */
OTEL_API otel_result otel_stop(uint32_t ms);
/* Exports what was emitted before the call; at most `ms` plus 100 milliseconds. OTEL_ERR_TIMEOUT: not all of it. */
OTEL_API otel_result otel_flush(uint32_t ms);

/* Stops at exit: when main returns or somebody calls exit(), otel_stop(ms) is called first (not at _exit, abort or a
 * signal). In the child of a fork only if it has logged. Without this call nothing of ours runs at exit that would send
 * what is queued. Any number of times, the last `ms` counts; before or after otel_start. OTEL_ERR_ARGUMENT: UINT32_MAX,
 * an exit that may never end; OTEL_ERR_NO_MEMORY: atexit has refused. */
OTEL_API otel_result otel_stop_at_exit(uint32_t ms);

/* New levels, in force when it returns, for loggers in use too (Logs SDK, "LoggerConfigurator"): the text is that of
 * otel_options.log_levels; NULL or "": everything. What cannot be read is said and left out. provider NULL: the one
 * that otel_start made. Any thread; not signal-safe. OTEL_ERR_ARGUMENT: no such provider. */
OTEL_API otel_result otel_provider_set_log_levels(otel_provider *provider, const char *levels);

/* A provider of its own. NULL: refused, said through diag; what the options owned is destroyed. */
OTEL_API otel_provider *otel_provider_new_sized(const otel_options *options, size_t size);
OTEL_SDK_INLINE otel_provider *otel_provider_new(const otel_options *options)
{
    return otel_provider_new_sized(options, sizeof(otel_options));
}
OTEL_API otel_result otel_provider_stop(otel_provider *provider, uint32_t ms); /* as otel_stop: and frees it */
OTEL_API otel_result otel_provider_flush(otel_provider *provider, uint32_t ms);

/* The books. provider NULL: the one that otel_start made, also after otel_stop. Any thread. false: no such provider, or
 * no such pipeline (0 is the first). */
OTEL_API bool otel_provider_books_sized(otel_provider *provider, otel_books *books, size_t size);
OTEL_SDK_INLINE bool otel_provider_books(otel_provider *provider, otel_books *books)
{
    return otel_provider_books_sized(provider, books, sizeof(otel_books));
}
OTEL_API bool otel_provider_pipeline_books_sized(otel_provider *provider, size_t nth, otel_pipeline_books *books,
                                                 size_t size);
OTEL_SDK_INLINE bool otel_provider_pipeline_books(otel_provider *provider, size_t nth, otel_pipeline_books *books)
{
    return otel_provider_pipeline_books_sized(provider, nth, books, sizeof(otel_pipeline_books));
}
/* What the exporter of a pipeline says of records that its backend will never store, by kind, reason and status. Writes
 * as many lines as there is room for and returns how many there are; 0: nothing lost, no such pipeline, or an exporter
 * that keeps no such books. Any thread, also after otel_stop (at most 64 lines of all pipelines together are kept). */
OTEL_API size_t otel_provider_pipeline_losses(otel_provider *provider, size_t nth, otel_export_loss *losses,
                                              size_t capacity);

/* Host mode (.run = OTEL_RUN_HOST): no thread of ours; an event loop of yours turns the exports.
 *   fd       becomes readable when there is something to do; watch it for reading (level-triggered), never read it. It
 *            changes in the child of a fork, and is closed by stop.
 *   timeout  milliseconds until otel_poll is to be called even if fd stays silent; -1: only fd matters. Ask anew after
 *            each otel_poll.
 *   poll     does what can be done now, about a millisecond of it, and never waits: what is left makes the timeout 0.
 *            Longer: making TLS ready for the first connection, which reads certificates, and a message of ours to a
 *            handler or standard error that takes its time. May change the set of descriptors behind fd, not fd.
 * Usable by any thread, but there is one turn at a time: a poll while another thread polls, flushes or stops, or from
 * inside a callback of the loop, does nothing. provider NULL: the one that otel_start made. Without one, with one that
 * was stopped or that has a thread: -1, -1, nothing. errno is kept. Not signal-safe. Logging, flush and stop are as
 * ever; the last two turn the loop themselves, until they are done. */
OTEL_API int32_t otel_poll_fd(otel_provider *provider);
OTEL_API int32_t otel_poll_timeout_ms(otel_provider *provider);
OTEL_API void otel_poll(otel_provider *provider);
OTEL_EXTERN_C_END
#endif
