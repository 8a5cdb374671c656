/* The provider: what stands behind every logger of it, and what a fork leaves of that. */
#ifndef OTEL__LOGS_PROVIDER_H
#define OTEL__LOGS_PROVIDER_H
#include "common/levels.h"
#include "common/scope.h"
#include "export_loop.h"
#include <otel/sdk/sdk.h>

enum { OTEL__PORTS_MAX = 16, OTEL__COUNT_STRIPES = 16 };

typedef struct otel__counts {
    _Alignas(64) _Atomic uint64_t filtered, suppressed, delivered;
} otel__counts;

/* Zero in the child of a fork: its books are empty, every lock is free, and `alive` says that there is something to
 * remake. */
typedef struct otel__life {
    _Atomic uint32_t alive;   /* OTEL__CHILD... */
    _Atomic uint32_t waiters; /* threads that wait for room in a queue, outside the mark */
    otel__lock scopes, pipelines, ports;
    otel__counts counts[OTEL__COUNT_STRIPES];
} otel__life;
enum { OTEL__CHILD = 0, OTEL__ALIVE = 1, OTEL__REMAKING = 2 };

typedef struct otel__provider {
    otel_provider base;
    otel__life *life;
    uint64_t stamp;           /* of bindings; the upper 48 bits */
    otel_log_processor *head; /* NULL: nobody listens */
    otel_log_processor *fast; /* the head, when it is a batch processor with nothing behind it */
    bool head_exports;        /* every record that comes in is offered to the head */
    bool code_location, inert_child, host;
    otel__levels levels;
    otel_resource *resource;
    otel__loop loop;
    otel_log_processor *pipelines[OTEL__PIPELINES_MAX]; /* every exporting processor, children of routers included */
    _Atomic uint32_t pipeline_count;
    otel_api_port *port_list[OTEL__PORTS_MAX];
    otel__scopes scopes;
} otel__provider;

/* The emitting calls behind the API (emit.c). */
extern const otel_provider_ops otel__provider_ops;

/* Makes an exporting processor one of this provider's: books, loop. */
bool otel__provider_adopt(otel__provider *provider, otel_log_processor *processor);

/* In the child of a fork, before anything else: everything that the child needs of its own. */
void otel__provider_remake(otel__provider *provider);
static inline void otel__provider_check_fork(otel__provider *provider)
{
    if (OTEL_UNLIKELY(atomic_load_explicit(&provider->life->alive, memory_order_acquire) != OTEL__ALIVE))
        otel__provider_remake(provider);
}

otel__counts *otel__provider_counts(const otel__provider *provider);

/* Appends the processors that the environment and the options select; false: out of memory. */
bool otel__provider_choose(otel_log_processor **list, size_t *count, size_t room, const otel_options *options);
enum { OTEL__CHOSEN_MAX = 16 };

/* Stops in two steps, so that the books can be read between them. end: true when the memory can be freed; *everything:
 * all that was queued has been exported or refused. */
bool otel__provider_end(otel__provider *provider, uint32_t ms, bool *everything);
void otel__provider_free(otel__provider *provider, bool can);

/* What otel_start made; NULL: nothing. Only to be compared with: it may be gone (start.c). */
otel__provider *otel__provider_started(void);

/* Who may be turned by a host (host.c). admit: false, said: no room. dismiss: false: a call is still inside. */
bool otel__host_admit(otel__provider *provider);
bool otel__host_dismiss(const otel__provider *provider);

static inline int64_t otel__after_ms(otel_deadline deadline, int64_t ms)
{
    return deadline.monotonic_ns > OTEL_DEADLINE_NEVER - ms * 1000000 ? OTEL_DEADLINE_NEVER
                                                                      : deadline.monotonic_ns + ms * 1000000;
}
#endif
