/* Reading the books: of a provider, and of the one that was started, also after it was stopped. */
#include "batch_processor.h"
#include "provider.h"
#include "simple_processor.h"
#include <stddef.h>
#include <string.h>

enum { LOSSES_KEPT = 64 };

/* What the books of the one that otel_start made were when it was stopped. */
static struct {
    otel__lock lock;
    bool kept;
    otel_books books;
    size_t pipelines, losses;
    otel_pipeline_books pipeline[OTEL__PIPELINES_MAX];
    otel_export_loss loss[LOSSES_KEPT]; /* of the first pipeline, of the second... */
    uint8_t loss_count[OTEL__PIPELINES_MAX];
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

static bool pipeline_of(const otel__provider *p, size_t nth, otel_pipeline_books *books)
{
    if (nth >= atomic_load(&p->pipeline_count)) return false;
    *books = (otel_pipeline_books){.taken = 0};
    otel_log_processor *q = p->pipelines[nth];
    if (otel__as_batch(q))
        otel__batch_books(otel__as_batch(q), books);
    else
        otel__simple_books(q, books);
    return true;
}

static size_t losses_of(const otel__provider *p, size_t nth, otel_export_loss *losses, size_t capacity)
{
    if (nth >= atomic_load(&p->pipeline_count)) return 0;
    otel_log_processor *q = p->pipelines[nth];
    const otel_log_exporter *e = otel__as_batch(q) ? otel__as_batch(q)->exporter : otel__simple_exporter(q);
    bool has = e->ops->size >= offsetof(otel_log_exporter_ops, losses) + sizeof e->ops->losses && e->ops->losses;
    return has ? e->ops->losses(e, losses, losses ? capacity : 0) : 0;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- of the last one that was stopped ---- */

static void keep_losses(const otel__provider *p, size_t nth)
{
    size_t room = LOSSES_KEPT - last.losses;
    size_t count = least(losses_of(p, nth, last.loss + last.losses, room), room);
    last.loss_count[nth] = (uint8_t)count;
    last.losses += count;
}

void otel__books_keep(const otel__provider *p)
{
    otel__lock_take(&last.lock);
    last.books = books_of(p);
    last.pipelines = last.losses = 0;
    while (last.pipelines < OTEL__PIPELINES_MAX && pipeline_of(p, last.pipelines, &last.pipeline[last.pipelines]))
        keep_losses(p, last.pipelines++);
    last.kept = true;
    otel__lock_give(&last.lock);
}

static bool last_books(otel_books *books)
{
    otel__lock_take(&last.lock);
    *books = last.books;
    bool there = last.kept;
    otel__lock_give(&last.lock);
    return there;
}

static bool last_pipeline(size_t nth, otel_pipeline_books *books)
{
    otel__lock_take(&last.lock);
    bool there = nth < last.pipelines;
    if (there) *books = last.pipeline[nth];
    otel__lock_give(&last.lock);
    return there;
}

static size_t last_losses(size_t nth, otel_export_loss *losses, size_t capacity)
{
    otel__lock_take(&last.lock);
    size_t before = 0, count = nth < last.pipelines ? last.loss_count[nth] : 0;
    for (size_t i = 0; count && i < nth; i++) before += last.loss_count[i];
    if (losses) memcpy(losses, last.loss + before, least(count, capacity) * sizeof *losses);
    otel__lock_give(&last.lock);
    return count;
}

/* ---- reading ---- */

bool otel_provider_books_sized(otel_provider *provider, otel_books *books, size_t size)
{
    otel_books b = {0};
    otel__provider *held = provider ? NULL : otel__started_hold();
    const otel__provider *p = provider ? (const otel__provider *)provider : held;
    if (p) b = books_of(p);
    bool there = books && (p || last_books(&b));
    if (there) memcpy(books, &b, least(size, sizeof b));
    otel__started_let_go(held);
    return there;
}

bool otel_provider_pipeline_books_sized(otel_provider *provider, size_t nth, otel_pipeline_books *books, size_t size)
{
    otel_pipeline_books b;
    otel__provider *held = provider ? NULL : otel__started_hold();
    const otel__provider *p = provider ? (const otel__provider *)provider : held;
    bool there = books && (p ? pipeline_of(p, nth, &b) : last_pipeline(nth, &b));
    if (there) memcpy(books, &b, least(size, sizeof b));
    otel__started_let_go(held);
    return there;
}

size_t otel_provider_pipeline_losses(otel_provider *provider, size_t nth, otel_export_loss *losses, size_t capacity)
{
    otel__provider *held = provider ? NULL : otel__started_hold();
    const otel__provider *p = provider ? (const otel__provider *)provider : held;
    size_t count = p ? losses_of(p, nth, losses, capacity) : last_losses(nth, losses, capacity);
    otel__started_let_go(held);
    return count;
}
