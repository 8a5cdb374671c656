/* The provider: what stands behind every logger of it, and what a fork leaves of that. */
#ifndef OTEL__LOGS_PROVIDER_H
#define OTEL__LOGS_PROVIDER_H
#include "common/levels.h"
#include "common/scope.h"
#include "export_loop.h"
#include "levels_file.h"
#include "record.h"
#include <otel/sdk/sdk.h>

enum { OTEL__PORTS_MAX = 16, OTEL__COUNT_STRIPES = 16, OTEL__FAST_ATTRIBUTES = 8 };

typedef struct otel__counts {
    _Alignas(64) _Atomic uint64_t filtered, suppressed, delivered;
} otel__counts;

/* Zero in the child of a fork: its books are empty, every lock is free, and `alive` says that there is something to
 * remake. */
typedef struct otel__life {
    _Atomic uint32_t alive;              /* OTEL__CHILD... */
    _Atomic uint32_t waiters;            /* threads that wait for room in a queue or for a flush, outside the mark */
    _Atomic uint32_t attributes_dropped; /* 1: by the limit, to be said; 2: said */
    _Atomic uint32_t closing;            /* it is being stopped */
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
    char *trace_based;    /* patterns of loggers; NULL: none */
    _Atomic bool leveled; /* levels have been set: each scope's rank counts */
    otel__levels levels;  /* under life->scopes */
    otel__levels_file levels_file;
    otel__record_limits limits;
    uint32_t flush_on_fatal_ms; /* 0: no */
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

/* Publishes what is wanted at every copy of the API (emit.c). Lock of the ports held. */
void otel__provider_publish(otel__provider *provider);

/* What the loop does besides exporting; when it wants to be called again (chores.c). */
int64_t otel__provider_chores(void *provider, int64_t now_ns);
void otel__provider_say_dropped(otel__provider *provider);

/* Reads the levels' file again when it has changed; when to look next. */
int64_t otel__provider_look_at_levels(otel__provider *provider, int64_t now_ns);

/* Levels of a running provider (levels_change.c): from now on these hold; false: out of memory. */
bool otel__provider_set_levels(otel__provider *provider, const char *text);

/* One request to every batch processor: begin, then wait until done (flush.c). */
typedef struct otel__flush {
    otel__provider *provider;
    uint32_t count;
    uint32_t numbers[OTEL__PIPELINES_MAX];
} otel__flush;
void otel__flush_begin(otel__flush *flush, otel__provider *provider, int64_t deadline_ns);
bool otel__flush_done(const void *flush);

/* Waits, outside the mark, until what was emitted is exported, for the time that the options allow (flush.c). */
void otel__provider_flush_on_fatal(otel__provider *provider);
/* The one that otel_start made, not to be freed until it is let go; NULL: there is none (start.c). */
otel__provider *otel__started_hold(void);
void otel__started_let_go(const otel__provider *provider);

/* Keeps its books for after its end (books.c). */
void otel__books_keep(const otel__provider *provider);

/* The provider has been started: whoever asked for otel_stop at exit gets it behind the network's own end (exit.c). */
void otel__exit_prepare(otel__provider *provider);

/* What it takes from its options and the environment (provider_options.c). */
void otel__provider_read_options(otel__provider *provider, const otel_options *options);

/* Sets the global propagators that the environment or the options name (choose_propagators.c). */
void otel__propagators_choose(const otel_options *options, size_t size);

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
