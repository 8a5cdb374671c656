/* The one provider that otel_start makes, and reading the books: its own, also after it was stopped, and others'. */
#include "batch_processor.h"
#include "common/diag.h"
#include "common/environment.h"
#include "processor.h"
#include "provider.h"
#include "simple_processor.h"
#include <string.h>

/* What otel_start made, and what its books were when it was stopped. */
static _Atomic(otel__provider *) started;
static struct {
    bool kept;
    otel_books books;
    size_t pipelines;
    otel_pipeline_books pipeline[OTEL__PIPELINES_MAX];
} last;

static uint64_t taken(const otel_log_processor *p)
{
    return p->ops == &otel__batch_processor_ops ? otel__batch_taken((const otel__batch *)p) : otel__simple_taken(p);
}

static otel_books books_of(const otel__provider *p)
{
    otel_books b = {0};
    for (int i = 0; i < OTEL__COUNT_STRIPES; i++) {
        b.filtered += atomic_load(&p->life->counts[i].filtered);
        b.suppressed += atomic_load(&p->life->counts[i].suppressed);
        b.delivered += atomic_load(&p->life->counts[i].delivered);
    }
    if (p->head_exports) b.delivered += taken(p->head);
    b.accepted = b.filtered + b.suppressed + b.delivered;
    return b;
}

static bool pipeline_books_of(const otel__provider *p, size_t nth, otel_pipeline_books *books)
{
    if (nth >= atomic_load(&p->pipeline_count)) return false;
    *books = (otel_pipeline_books){.taken = 0};
    const otel_log_processor *q = p->pipelines[nth];
    if (q->ops == &otel__batch_processor_ops) otel__batch_books((const otel__batch *)q, books);
    else otel__simple_books(q, books);
    return true;
}

bool otel_provider_books_sized(otel_provider *provider, otel_books *books, size_t size)
{
    const otel__provider *p = provider ? (const otel__provider *)provider : atomic_load(&started);
    if (!books || (!p && !last.kept)) return false;
    otel_books b = p ? books_of(p) : last.books;
    memcpy(books, &b, size < sizeof b ? size : sizeof b);
    return true;
}

bool otel_provider_pipeline_books_sized(otel_provider *provider, size_t nth, otel_pipeline_books *books, size_t size)
{
    const otel__provider *p = provider ? (const otel__provider *)provider : atomic_load(&started);
    otel_pipeline_books b;
    if (!books || (!p && (!last.kept || nth >= last.pipelines))) return false;
    if (p && !pipeline_books_of(p, nth, &b)) return false;
    if (!p) b = last.pipeline[nth];
    memcpy(books, &b, size < sizeof b ? size : sizeof b);
    return true;
}

static void keep_books(const otel__provider *p)
{
    last.books = books_of(p);
    last.pipelines = 0;
    while (pipeline_books_of(p, last.pipelines, &last.pipeline[last.pipelines])) last.pipelines++;
    last.kept = true;
}

otel_result otel_sdk_start_sized(const otel_options *options, size_t size)
{
    otel__diag_read_level();
    otel_provider *p = otel_provider_new_sized(options, size);
    if (!p) return OTEL_ERR_CONFIG;
    otel__provider *nobody = NULL;
    otel_result result = OTEL_ERR_ALREADY;
    if (atomic_compare_exchange_strong(&started, &nobody, (otel__provider *)p)) {
        result = otel_provider_set_global(p);
        if (result == OTEL_OK) return OTEL_OK;
        atomic_store(&started, NULL);
    }
    otel_provider_stop(p, 0);
    return result;
}

otel_result otel_stop(uint32_t ms)
{
    bool everything;
    otel__provider *p = atomic_exchange(&started, NULL);
    if (!p) return OTEL_OK;
    bool can = otel__provider_end(p, ms, &everything);
    keep_books(p);
    otel__provider_free(p, can);
    return everything && can ? OTEL_OK : OTEL_ERR_TIMEOUT;
}

otel_result otel_flush(uint32_t ms)
{
    otel__provider *p = atomic_load(&started);
    return p ? otel_provider_flush(&p->base, ms) : OTEL_OK;
}
