/* Making a provider, remaking it in the child of a fork, freeing it; and host mode. */
#include "provider.h"
#include "batch_processor.h"
#include "common/environment.h"
#include "processor.h"
#include "resource/resource.h"
#include "simple_processor.h"
#include <otel/sdk/random.h>
#include <sched.h>
#include <string.h>

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
    if (!otel__loop_add(&p->loop, b)) {
        otel_diag(OTEL_SEVERITY_ERROR, "provider", "there is no thread for exporter %s", b->exporter->ops->name);
        return false;
    }
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
        done = otel__as_batch(processor) ? adopt_batch(p, otel__as_batch(processor))
                                         : (otel__simple_own(processor, p), true);
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

static void *say_no_memory(void)
{
    otel_diag(OTEL_SEVERITY_ERROR, "provider", "there is not enough memory, or there are no descriptors left");
    return NULL;
}

static otel__provider *allocate(const otel_options *o)
{
    otel__provider *p = otel__pages_map(sizeof *p);
    if (!p) return say_no_memory();
    p->base.ops = &otel__provider_ops;
    p->stamp = (otel_random() | 1u << 16) & ~UINT64_C(0xffff);
    otel__provider_read_options(p, o);
    p->life = otel__wiped_map(sizeof *p->life);
    p->resource = otel__resource_of(o);
    bool opened = otel__loop_open(&p->loop, p->host);
    p->loop.chores = otel__provider_chores;
    p->loop.chores_of = p;
    if (p->life) atomic_store(&p->life->alive, OTEL__ALIVE);
    if (p->life && p->resource && opened && otel__scopes_init(&p->scopes)) return p;
    say_no_memory();
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
    otel__levels_file_close(&p->levels_file);
    otel_release(p->trace_based);
    otel_resource_destroy(p->resource);
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
        if (otel_log_processor_start(list[i], &p->base) != OTEL_OK) all = false;
    p->head_exports = p->head && otel__processor_exports(p->head);
    bool simple = p->limits.attribute_count >= OTEL__FAST_ATTRIBUTES && !p->trace_based;
    p->fast = p->head && otel__as_batch(p->head) && !p->head->next && simple ? p->head : NULL;
    if (p->head && p->levels_file.path && !otel__loop_start(&p->loop)) all = false;
    return all;
}

/* The list as it will be: the program's own, then what is chosen from outside. */
static otel_log_processor **gather(const otel_options *o, size_t *count)
{
    size_t room = o->log_processor_count + OTEL__CHOSEN_MAX;
    otel_log_processor **list = otel_allocate(sizeof *list * room);
    if (!list) {
        destroy_list(o->log_processors, o->log_processor_count);
        return say_no_memory();
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
        if (!otel__as_batch(p->pipelines[i])) otel__simple_after_fork(p->pipelines[i], p->inert_child);
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

/* Freeing. -----------------------------------------------------------------------------------------------------------
 */

/* Somebody is still inside: the memory stays, on purpose, and so does the code. */
static void keep(const otel__provider *p)
{
    static const char here;
    otel__pin_module(&here);
    uint32_t count = atomic_load(&p->pipeline_count);
    for (uint32_t i = 0; i < count; i++)
        if (otel__as_batch(p->pipelines[i])) otel__pin_module(otel__as_batch(p->pipelines[i])->exporter->ops);
}

void otel__provider_free(otel__provider *p, bool can)
{
    if (can)
        release(p);
    else
        keep(p);
}
