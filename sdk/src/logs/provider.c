/* Making, forking, flushing and stopping a provider. */
#include "provider.h"
#include "batch_processor.h"
#include "common/environment.h"
#include "common/random.h"
#include "common/resource.h"
#include "common/variables.h"
#include "processor.h"
#include "simple_processor.h"
#include <errno.h>
#include <sched.h>
#include <string.h>

static bool is_batch(const otel_log_processor *processor)
{
    return processor->ops == &otel__batch_processor_ops;
}

/* Adopting. ---------------------------------------------------------------------------------------------------------
 */

static bool refused_in_host_mode(const otel__provider *p, const otel__batch *b)
{
    if (!p->host || !b->blocking) return false;
    otel_diag(OTEL_SEVERITY_ERROR, "provider", "exporter %s blocks: it cannot be used without a thread",
              b->exporter->ops->name);
    return true;
}

/* Who would wait is who has to make room. */
static void forbid_waiting(const otel__provider *p, otel__batch *b)
{
    if (!p->host || !b->options.wait_for_room_ms) return;
    otel_diag(OTEL_SEVERITY_WARN, "provider", "waiting for room is not possible without a thread: a full queue drops");
    b->options.wait_for_room_ms = 0;
}

static bool adopt_batch(otel__provider *p, otel__batch *b)
{
    if (refused_in_host_mode(p, b)) return false;
    forbid_waiting(p, b);
    b->queue.options.inert_child = p->inert_child;
    if (b->exporter->ops->poll_fd) otel__sleeper_watch(&p->loop.sleeper, b->exporter->ops->poll_fd(b->exporter));
    b->loop = &p->loop;
    atomic_store_explicit(&b->parent, p, memory_order_release); /* the loop's thread needs it at once */
    if (!otel__loop_add(&p->loop, b)) return false;
    atomic_store_explicit(&b->provider, p, memory_order_release); /* the others, when there is a thread to wait for */
    return true;
}

static bool adopted(const otel__provider *p, const otel_log_processor *processor)
{
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (p->pipelines[i] == processor) return true;
    return false;
}

bool otel__provider_adopt(otel__provider *p, otel_log_processor *processor)
{
    otel__lock_take(&p->life->pipelines);
    uint32_t count = atomic_load(&p->pipeline_count);
    bool done = adopted(p, processor);
    if (!done && count < OTEL__PIPELINES_MAX) {
        done = is_batch(processor) ? adopt_batch(p, (otel__batch *)processor) : (otel__simple_own(processor, p), true);
        if (done) {
            p->pipelines[count] = processor;
            atomic_store_explicit(&p->pipeline_count, count + 1, memory_order_release);
        }
    }
    otel__lock_give(&p->life->pipelines);
    return done;
}

/* Making. -----------------------------------------------------------------------------------------------------------
 */

static otel_options sized(const otel_options *options, size_t size)
{
    otel_options o = {0};
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    return o;
}

static void destroy_list(otel_log_processor *const *list, size_t count)
{
    for (size_t i = 0; list && i < count; i++) otel_log_processor_destroy(list[i]);
}

static bool complete(const otel_options *o)
{
    for (size_t i = 0; i < o->log_processor_count; i++)
        if (!o->log_processors || !o->log_processors[i]) {
            otel_diag(OTEL_SEVERITY_ERROR, "provider", "log processor %zu is missing: not starting without it", i);
            return false;
        }
    return true;
}

static const char *level_text(const otel_options *o)
{
    const char *environment = otel_env_text(otel__env.OTEL_C_LOG_LEVELS.name);
    if (o->environment == OTEL_CODE_WINS && o->log_levels) return o->log_levels;
    return environment ? environment : o->log_levels;
}

static bool code_location(const otel_options *o)
{
    uint64_t on = !o->code_location_off;
    if (on || o->environment != OTEL_CODE_WINS) otel_env_read(&otel__env.OTEL_C_CODE_LOCATION, &on);
    return on != 0;
}

static otel__provider *allocate(const otel_options *o)
{
    otel__provider *p = otel__pages_map(sizeof *p);
    if (!p) return NULL;
    p->base.ops = &otel__provider_ops;
    p->stamp = (otel__random() | 1u << 16) & ~UINT64_C(0xffff);
    p->host = o->run == OTEL_RUN_HOST;
    p->inert_child = o->fork == OTEL_FORK_INERT;
    p->code_location = code_location(o);
    otel__levels_read(&p->levels, level_text(o));
    p->scopes.levels = &p->levels;
    p->life = otel__wiped_map(sizeof *p->life);
    p->resource = otel__resource_new(o);
    bool opened = otel__loop_open(&p->loop, p->host);
    if (p->life) atomic_store(&p->life->alive, OTEL__ALIVE);
    if (p->life && p->resource && opened && otel__scopes_init(&p->scopes)) return p;
    otel_diag(OTEL_SEVERITY_ERROR, "provider", "there is not enough memory, or there are no descriptors left");
    return p;
}

static bool usable(const otel__provider *p)
{
    return p->life && p->resource && p->loop.sleeper.epoll >= 0 && atomic_load(&p->scopes.count);
}

static void release(otel__provider *p)
{
    otel__host_dismiss(p);
    while (p->head) {
        otel_log_processor *next = p->head->next;
        otel_log_processor_destroy(p->head);
        p->head = next;
    }
    otel__loop_close(&p->loop);
    otel__resource_destroy(p->resource);
    otel__arena_free(&p->scopes.arena);
    otel__wiped_unmap(p->life, sizeof *p->life);
    otel__pages_unmap(p, sizeof *p);
}

static bool link_processors(otel__provider *p, otel_log_processor **list, size_t count)
{
    bool all = true;
    for (size_t i = 0; i < count; i++) list[i]->next = i + 1 < count ? list[i + 1] : NULL;
    p->head = count ? list[0] : NULL;
    for (size_t i = 0; i < count; i++)
        if (otel__processor_exports(list[i]) && !otel__provider_adopt(p, list[i])) all = false;
    p->head_exports = p->head && otel__processor_exports(p->head);
    p->fast = p->head && is_batch(p->head) && !p->head->next ? p->head : NULL;
    return all;
}

/* The list as it will be: the program's own, then what is chosen from outside. */
static otel_log_processor **gather(const otel_options *o, size_t *count)
{
    size_t room = o->log_processor_count + OTEL__CHOSEN_MAX;
    otel_log_processor **list = otel_allocate(sizeof *list * room);
    if (!list) {
        destroy_list(o->log_processors, o->log_processor_count);
        return NULL;
    }
    for (size_t i = 0; i < o->log_processor_count; i++) list[i] = o->log_processors[i];
    *count = o->log_processor_count;
    if (otel__provider_choose(list, count, room, o)) return list;
    destroy_list(list, *count);
    otel_release(list);
    return NULL;
}

static otel__provider *make(const otel_options *o)
{
    size_t count = 0;
    if (!complete(o)) {
        destroy_list(o->log_processors, o->log_processor_count);
        return NULL;
    }
    otel_log_processor **list = gather(o, &count);
    otel__provider *p = list ? allocate(o) : NULL;
    bool good = p && usable(p) && (!p->host || otel__host_admit(p));
    if (good && !link_processors(p, list, count))
        good = false;
    else if (!good && list)
        destroy_list(list, count);
    otel_release(list);
    if (good) return p;
    if (p && p->loop.thread.running) otel__loop_quit(&p->loop, OTEL_DEADLINE_NEVER);
    if (p) release(p);
    return NULL;
}

otel_provider *otel_provider_new_sized(const otel_options *options, size_t size)
{
    otel_options o = sized(options, size);
    otel__env_reading reading;
    otel__env_begin(&reading, o.environment == OTEL_ENV_IGNORED);
    otel__provider *p = make(&o);
    otel__env_end(&reading);
    return p ? &p->base : NULL;
}

/* A fork. -----------------------------------------------------------------------------------------------------------
 */

static void remake_processors(otel__provider *p)
{
    for (otel_log_processor *q = p->head; q; q = q->next)
        if (!otel__processor_exports(q) && q->ops->after_fork) q->ops->after_fork(q);
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (!is_batch(p->pipelines[i])) otel__simple_after_fork(p->pipelines[i], p->inert_child);
}

void otel__provider_remake(otel__provider *p)
{
    uint32_t expected = OTEL__CHILD;
    otel_suppress_begin(); /* a handler that logs now would wait here for the thread that it interrupts */
    if (!atomic_compare_exchange_strong(&p->life->alive, &expected, OTEL__REMAKING)) {
        while (atomic_load(&p->life->alive) == OTEL__REMAKING) sched_yield();
        otel_suppress_end();
        return;
    }
    otel__resource_renew(p->resource);
    remake_processors(p);
    if (!otel__loop_after_fork(&p->loop, !p->inert_child))
        otel_diag(OTEL_SEVERITY_ERROR, "provider", "the child of a fork cannot export: no descriptors or no thread");
    atomic_store(&p->life->alive, OTEL__ALIVE);
    otel_suppress_end();
}

/* Flushing. ---------------------------------------------------------------------------------------------------------
 */

typedef struct flush_requests {
    const otel__provider *provider;
    uint32_t count;
    uint32_t numbers[OTEL__PIPELINES_MAX];
} flush_requests;

static void request_flush(flush_requests *r, otel__provider *p)
{
    r->provider = p;
    r->count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < r->count; i++)
        if (is_batch(p->pipelines[i])) r->numbers[i] = otel__batch_want_flush((otel__batch *)p->pipelines[i]);
}

static bool flushed(const void *argument)
{
    const flush_requests *r = argument;
    for (uint32_t i = 0; i < r->count; i++) {
        otel_log_processor *q = r->provider->pipelines[i];
        if (is_batch(q) && !otel__batch_flushed((otel__batch *)q, r->numbers[i])) return false;
    }
    return true;
}

/* Processors that keep records go first, in order; then all pipelines at once. */
static otel_result flush(otel_provider *provider, uint32_t ms)
{
    otel__provider *p = (otel__provider *)provider;
    if (!p) return OTEL_ERR_ARGUMENT;
    otel_deadline deadline = otel_deadline_in_ms(ms);
    otel_result result = OTEL_OK;
    flush_requests requests;
    otel__provider_check_fork(p);
    for (otel_log_processor *q = p->head; q; q = q->next)
        if (!is_batch(q) && otel_log_processor_flush(q, deadline) != OTEL_OK) result = OTEL_ERR_TIMEOUT;
    request_flush(&requests, p);
    return otel__loop_wait(&p->loop, flushed, &requests, deadline.monotonic_ns) ? result : OTEL_ERR_TIMEOUT;
}

otel_result otel_provider_flush(otel_provider *provider, uint32_t ms)
{
    int saved = errno;
    otel_result result = flush(provider, ms);
    errno = saved;
    return result;
}

/* Stopping. ---------------------------------------------------------------------------------------------------------
 */

static void close_queues(otel__provider *p)
{
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (is_batch(p->pipelines[i])) atomic_store(&((otel__batch *)p->pipelines[i])->life->closing, 1);
}

static otel_api_port *take_port(otel__provider *p, int i)
{
    otel__lock_take(&p->life->ports);
    otel_api_port *port = p->port_list[i];
    p->port_list[i] = NULL;
    otel__lock_give(&p->life->ports);
    return port;
}

static bool retire_from(otel_api_port *const ports[OTEL__PORTS_MAX], otel__provider *p, otel_deadline deadline)
{
    bool empty = true;
    for (int i = 0; i < OTEL__PORTS_MAX; i++)
        if (ports[i] && !ports[i]->retire(ports[i], &p->base, deadline.monotonic_ns)) empty = false;
    return empty;
}

/* Out of every copy of the API; true: nobody is inside any more. A thread that waits for room is not inside, but comes
 * back: hence the second look at the marks. */
static bool retire(otel__provider *p, otel_deadline deadline)
{
    otel_api_port *ports[OTEL__PORTS_MAX];
    for (int i = 0; i < OTEL__PORTS_MAX; i++) ports[i] = take_port(p, i);
    bool empty = retire_from(ports, p, deadline);
    while (atomic_load(&p->life->waiters)) {
        if (otel_deadline_left_ms(deadline) == 0) return false;
        otel__sleep_ns(100000);
    }
    return retire_from(ports, p, deadline) && empty;
}

static bool all_stopped(const void *argument)
{
    const otel__provider *p = argument;
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (is_batch(p->pipelines[i]) && !otel__batch_stopped((otel__batch *)p->pipelines[i])) return false;
    return true;
}

static bool shut_down(otel__provider *p, otel_deadline deadline)
{
    bool good = true;
    for (otel_log_processor *q = p->head; q; q = q->next)
        if (!is_batch(q) && otel_log_processor_shutdown(q, deadline) != OTEL_OK) good = false;
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (is_batch(p->pipelines[i])) otel__batch_want_stop((otel__batch *)p->pipelines[i], deadline);
    return otel__loop_wait(&p->loop, all_stopped, p, otel__after_ms(deadline, 50)) && good;
}

static bool nothing_left(otel__provider *p)
{
    otel_pipeline_books books;
    for (size_t i = 0; otel_provider_pipeline_books(&p->base, i, &books); i++)
        if (books.dropped_after_stop || books.queued) return false;
    return true;
}

static bool can_be_freed(const otel__provider *p)
{
    if (atomic_load(&p->loop.turner)) return false; /* stopped by a callback of its own loop */
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (is_batch(p->pipelines[i]) && !otel__batch_can_be_freed((otel__batch *)p->pipelines[i])) return false;
    return true;
}

bool otel__provider_end(otel__provider *p, uint32_t ms, bool *everything)
{
    otel_deadline deadline = otel_deadline_in_ms(ms);
    otel__provider_check_fork(p);
    flush_requests requests;
    close_queues(p);
    request_flush(&requests, p); /* whoever is stuck inside one pipeline must not cost the others their time */
    otel__loop_ring(&p->loop);
    bool empty = retire(p, deadline);
    bool good = shut_down(p, deadline);
    bool home = otel__loop_quit(&p->loop, otel__after_ms(deadline, 80));
    *everything = good && empty && nothing_left(p);
    bool alone = otel__host_dismiss(p);
    return empty && home && alone && can_be_freed(p);
}

/* Somebody is still inside: the memory stays, on purpose, and so does the code. */
static void keep(const otel__provider *p)
{
    static const char here;
    otel__pin_module(&here);
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (is_batch(p->pipelines[i])) otel__pin_module(((const otel__batch *)p->pipelines[i])->exporter->ops);
}

void otel__provider_free(otel__provider *p, bool can)
{
    if (can)
        release(p);
    else
        keep(p);
}
