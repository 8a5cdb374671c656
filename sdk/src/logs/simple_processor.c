/* The simple processor: encodes a record, and exports it as a batch of one under a lock. */
#include "simple_processor.h"
#include "common/variables.h"
#include "log_batch.h"
#include "processor.h"
#include "provider.h"
#include "record.h"
#include <string.h>

enum { ON_STACK = 2048 };

/* Wiped by a fork: the lock is free in the child, whoever held it in the parent. */
typedef struct life {
    otel__lock lock;
    _Atomic uint64_t exported, rejected, too_large, retry_exhausted, after_stop, out_of_memory, fork_child;
    _Atomic uint32_t closed;
} life;

typedef struct simple {
    otel_log_processor base;
    otel_log_exporter *exporter;
    life *life;
    _Atomic(otel__provider *) provider;
    _Atomic bool inert, failing;
    otel_log_batch batch;
    otel_export_call call; /* not on a stack: an exporter that answers late must find nothing, not somebody else */
    uint64_t max_record_bytes;
} simple;

static void count(_Atomic uint64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static void complain(simple *s, const otel_export_call *call)
{
    if (!atomic_exchange(&s->failing, true))
        otel_diag(OTEL_SEVERITY_WARN, s->exporter->ops->name, "records are lost: %s",
                  call->message[0] ? call->message : "no reason given");
}

static void account(simple *s, otel_export_status status, const otel_export_call *call)
{
    if (status == OTEL_EXPORT_OK && !call->rejected) {
        atomic_store(&s->failing, false);
        count(&s->life->exported);
        return;
    }
    complain(s, call);
    count(status == OTEL_EXPORT_RETRY ? &s->life->retry_exhausted : &s->life->rejected);
}

/* Nothing keeps a record here, so RETRY cannot be obeyed. */
static void export_bytes(simple *s, const uint8_t *bytes, uint32_t size, uint32_t scope)
{
    otel__provider *provider = atomic_load(&s->provider);
    s->call = (otel_export_call){.size = sizeof s->call, .deadline = otel_deadline_in_ms(30000)};
    otel__log_batch_open(&s->batch, provider->resource, &provider->scopes);
    otel__log_batch_add(&s->batch, bytes, size, scope);
    otel__log_batch_close(&s->batch);
    otel_suppress_begin();
    otel_export_status status = s->exporter->ops->export_batch(s->exporter, &s->batch, &s->call);
    otel_suppress_end();
    account(s, status, &s->call);
}

static void take(void *context, const otel__record_input *input, uint32_t scope)
{
    simple *s = context;
    otel__record_plan plan;
    uint8_t small[ON_STACK], *bytes = small;
    uint32_t size = otel__record_size(input, &plan);
    if (size > s->max_record_bytes) {
        count(&s->life->too_large);
        return;
    }
    if (size > sizeof small) bytes = otel_allocate(size);
    if (!bytes) {
        count(&s->life->out_of_memory);
        return;
    }
    otel__record_write(bytes, input, &plan);
    otel__lock_take(&s->life->lock);
    if (atomic_load(&s->life->closed))
        count(&s->life->after_stop);
    else
        export_bytes(s, bytes, size, scope);
    otel__lock_give(&s->life->lock);
    if (bytes != small) otel_release(bytes);
}

static void simple_emit(otel_log_processor *self, otel_log_record *record)
{
    simple *s = (simple *)self;
    otel__record_state *state = record->otel_private;
    bool ours = state && state->provider && otel__simple_adopt(self, state->provider) &&
                atomic_load(&s->provider) == state->provider;
    if (ours) {
        state->offered = true;
        if (atomic_load(&s->inert))
            count(&s->life->fork_child);
        else
            otel__record_hand_over(record, take, s);
    }
    if (self->next) otel_log_pass(self, record);
}

static otel_result simple_flush(otel_log_processor *self, otel_deadline deadline)
{
    simple *s = (simple *)self;
    if (!s->exporter->ops->flush) return OTEL_OK;
    if (!otel__lock_take_until(&s->life->lock, deadline.monotonic_ns)) return OTEL_ERR_TIMEOUT;
    otel_result result = s->exporter->ops->flush(s->exporter, deadline);
    otel__lock_give(&s->life->lock);
    return result;
}

static otel_result simple_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    simple *s = (simple *)self;
    if (atomic_exchange(&s->life->closed, 1)) return OTEL_OK;
    if (!s->exporter->ops->shutdown) return OTEL_OK;
    if (!otel__lock_take_until(&s->life->lock, deadline.monotonic_ns)) return OTEL_ERR_TIMEOUT;
    otel_result result = s->exporter->ops->shutdown(s->exporter, deadline);
    otel__lock_give(&s->life->lock);
    return result;
}

static void simple_destroy(otel_log_processor *self)
{
    simple *s = (simple *)self;
    otel_log_exporter_destroy(s->exporter);
    otel__log_batch_finish(&s->batch);
    otel__wiped_unmap(s->life, sizeof *s->life);
}

static bool asynchronous(const otel_log_exporter *exporter)
{
    if (!exporter->ops->poll) return false;
    otel_diag(OTEL_SEVERITY_ERROR, "simple", "exporter %s works asynchronously: use the batch processor",
              exporter->ops->name);
    return true;
}

otel_log_processor *otel_simple_log_processor_new(otel_log_exporter *exporter)
{
    simple *s =
        exporter && !asynchronous(exporter) ? otel_log_processor_new(sizeof *s, &otel__simple_processor_ops) : NULL;
    if (!s) {
        otel_log_exporter_destroy(exporter);
        return NULL;
    }
    s->exporter = exporter;
    s->max_record_bytes = otel__env.OTEL_C_MAX_RECORD_BYTES.fallback;
    otel_env_read(&otel__env.OTEL_C_MAX_RECORD_BYTES, &s->max_record_bytes);
    s->life = otel__wiped_map(sizeof *s->life);
    if (s->life && otel__log_batch_init(&s->batch, 1)) return &s->base;
    otel_log_processor_destroy(&s->base);
    return NULL;
}

bool otel__simple_adopt(otel_log_processor *self, otel__provider *provider)
{
    return atomic_load_explicit(&((simple *)self)->provider, memory_order_acquire) ||
           otel__provider_adopt(provider, self);
}

void otel__simple_own(otel_log_processor *self, otel__provider *provider)
{
    atomic_store_explicit(&((simple *)self)->provider, provider, memory_order_release);
}

const otel_log_exporter *otel__simple_exporter(const otel_log_processor *self)
{
    return ((const simple *)self)->exporter;
}

uint64_t otel__simple_taken(const otel_log_processor *self)
{
    otel_pipeline_books books = {.taken = 0};
    otel__simple_books(self, &books);
    return books.taken;
}

void otel__simple_books(const otel_log_processor *self, otel_pipeline_books *books)
{
    const simple *s = (const simple *)self;
    books->exported = atomic_load(&s->life->exported);
    books->rejected = atomic_load(&s->life->rejected);
    books->dropped_too_large = atomic_load(&s->life->too_large);
    books->dropped_retry_exhausted = atomic_load(&s->life->retry_exhausted);
    books->dropped_after_stop = atomic_load(&s->life->after_stop);
    books->dropped_out_of_memory = atomic_load(&s->life->out_of_memory);
    books->dropped_fork_child = atomic_load(&s->life->fork_child);
    books->taken = books->exported + books->rejected + books->dropped_too_large + books->dropped_retry_exhausted +
                   books->dropped_after_stop + books->dropped_out_of_memory + books->dropped_fork_child;
    strncpy(books->exporter, s->exporter->ops->name, sizeof books->exporter - 1);
}

void otel__simple_after_fork(otel_log_processor *self, bool inert)
{
    simple *s = (simple *)self;
    atomic_store(&s->inert, inert);
    if (s->exporter->ops->after_fork) s->exporter->ops->after_fork(s->exporter);
}

/* As of a batch processor: a router's child that has had no record. */
static void simple_after_fork(otel_log_processor *self)
{
    if (!atomic_load(&((simple *)self)->provider)) otel__simple_after_fork(self, false);
}

const otel_log_processor_ops otel__simple_processor_ops = {.size = sizeof(otel_log_processor_ops),
                                                           .name = "simple",
                                                           .emit = simple_emit,
                                                           .flush = simple_flush,
                                                           .shutdown = simple_shutdown,
                                                           .destroy = simple_destroy,
                                                           .after_fork = simple_after_fork};
