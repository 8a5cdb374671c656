/* The seam between API and SDK. An SDK implements the table below; an application or library never needs this header,
 * except a plug-in that was linked with its own copy of the API and gets the host's provider handed to it. */
#ifndef OTEL_PROVIDER_H
#define OTEL_PROVIDER_H
#include <otel/log.h>

typedef struct otel_provider otel_provider;

/* One copy of the API library, as a provider sees it. There is one per process when the API is a shared library, and
 * one per module that was linked with the static one. Static memory of that copy; operations beyond `size` do not
 * exist. */
typedef struct otel_api_port {
    size_t size;
    /* The provider says what the lowest severity rank is that it wants, and whether it must be asked besides. Any
     * thread. */
    void (*publish)(struct otel_api_port *port, otel_provider *provider, int32_t lowest_rank, int32_t ask);
    /* Takes the provider out of this copy: no call enters it any more. True when nobody is inside any more, false when
     * somebody still was at the deadline (CLOCK_MONOTONIC, nanoseconds). */
    bool (*retire)(struct otel_api_port *port, otel_provider *provider, int64_t deadline_monotonic_ns);
} otel_api_port;

/* Appended to, never changed; operations beyond `size` do not exist. Called with the calling thread's mark set: the
 * provider stays until the call returns. `current` is the thread's current context, NULL when none is attached. */
typedef struct otel_provider_ops {
    size_t size;
    otel_result (*attach)(otel_provider *provider, otel_api_port *port); /* publishes at once and at every change */
    void (*detach)(otel_provider *provider, otel_api_port *port);        /* never publishes there again */
    bool (*log_enabled)(otel_provider *provider, otel_logger *logger, otel_severity severity,
                        const otel_context *current);
    void (*log)(otel_provider *provider, otel_logger *logger, const otel_context *current, const otel_log_site *site,
                otel_severity severity, otel_value body, const otel_attr *attributes, size_t count);
    void (*log_emit)(otel_provider *provider, otel_logger *logger, const otel_context *current,
                     const otel_log_record *record);
    void (*suppressed)(
        otel_provider *provider); /* a record of a thread that was inside already was dropped: count it */
} otel_provider_ops;

/* The first member of every provider. Frozen. */
struct otel_provider {
    const otel_provider_ops *ops;
};

OTEL_EXTERN_C_BEGIN

/* The provider that loggers without one of their own use; NULL when there is none. */
OTEL_API otel_provider *otel_provider_global(void);

/* Makes a provider global in this copy of the API; NULL takes the present one away and waits (at most ten seconds)
 * until nobody is inside it: then this module may be unloaded. OTEL_ERR_TIMEOUT: somebody still was. OTEL_ERR_ALREADY:
 * another provider is global. OTEL_ERR_ARGUMENT: its table is too short or lacks a log operation. OTEL_ERR_NO_MEMORY:
 * sixteen providers are attached to this copy of the API, or sixteen copies to this provider, or there is no memory.
 * Not signal-safe. (Logs API, "LoggerProvider") */
OTEL_API otel_result otel_provider_set_global(otel_provider *provider);

/* For loggers that name a provider of their own: opens the gate for it without making it global, and the reverse, in
 * any order. Again is no change. A logger whose provider is not attached (any more) records nothing. As set_global. */
OTEL_API otel_result otel_provider_attach(otel_provider *provider);
OTEL_API otel_result otel_provider_detach(otel_provider *provider);

/* For an SDK. What this thread logs between the two is dropped and counted as suppressed: an export must not feed
 * itself. They nest. Signal-safe. */
OTEL_API void otel_suppress_begin(void);
OTEL_API void otel_suppress_end(void);

/* For an SDK, inside one of the calls above: lifts this thread's mark while it waits, so that the wait holds up nobody
 * who takes a provider away; the SDK itself must keep what it comes back to. step_in takes what step_out gave.
 * Signal-safe. */
OTEL_API uint64_t otel_provider_step_out(void);
OTEL_API void otel_provider_step_in(uint64_t mark);

OTEL_EXTERN_C_END
#endif
