/* The one provider that otel_start makes, and reading the books: its own, also after it was stopped, and others'. */
#include "batch_processor.h"
#include "common/diag.h"
#include "common/environment.h"
#include "common/variables.h"
#include "processor.h"
#include "provider.h"
#include "simple_processor.h"
#include <errno.h>
#include <string.h>

/* What otel_start made, and what its books were when it was stopped. */
static otel__provider *started; /* under the lock */
static uint32_t users;          /* calls that are inside it */
static bool stopping;
static otel__lock lock;
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
    if (q->ops == &otel__batch_processor_ops)
        otel__batch_books((const otel__batch *)q, books);
    else
        otel__simple_books(q, books);
    return true;
}

otel__provider *otel__started_hold(void)
{
    otel__lock_take(&lock);
    otel__provider *p = started;
    if (p) users++;
    otel__lock_give(&lock);
    return p;
}

otel__provider *otel__provider_started(void)
{
    otel__lock_take(&lock);
    otel__provider *p = started;
    otel__lock_give(&lock);
    return p;
}

void otel__started_let_go(const otel__provider *p)
{
    if (!p) return;
    otel__lock_take(&lock);
    users--;
    otel__lock_give(&lock);
}

bool otel_provider_books_sized(otel_provider *provider, otel_books *books, size_t size)
{
    otel__provider *held = provider ? NULL : otel__started_hold();
    const otel__provider *p = provider ? (const otel__provider *)provider : held;
    bool there = books && (p || last.kept);
    if (there) {
        otel_books b = p ? books_of(p) : last.books;
        memcpy(books, &b, size < sizeof b ? size : sizeof b);
    }
    otel__started_let_go(held);
    return there;
}

static bool kept_pipeline(size_t nth, otel_pipeline_books *books)
{
    if (!last.kept || nth >= last.pipelines) return false;
    *books = last.pipeline[nth];
    return true;
}

bool otel_provider_pipeline_books_sized(otel_provider *provider, size_t nth, otel_pipeline_books *books, size_t size)
{
    otel_pipeline_books b;
    otel__provider *held = provider ? NULL : otel__started_hold();
    const otel__provider *p = provider ? (const otel__provider *)provider : held;
    bool there = books && (p ? pipeline_books_of(p, nth, &b) : kept_pipeline(nth, &b));
    if (there) memcpy(books, &b, size < sizeof b ? size : sizeof b);
    otel__started_let_go(held);
    return there;
}

static void keep_books(const otel__provider *p)
{
    last.books = books_of(p);
    last.pipelines = 0;
    while (last.pipelines < OTEL__PIPELINES_MAX && pipeline_books_of(p, last.pipelines, &last.pipeline[last.pipelines]))
        last.pipelines++;
    last.kept = true;
}

static bool claim(otel__provider *p)
{
    otel__lock_take(&lock);
    bool free_place = !started;
    if (free_place) started = p;
    otel__lock_give(&lock);
    return free_place;
}

static void unclaim(void)
{
    otel__lock_take(&lock);
    started = NULL;
    otel__lock_give(&lock);
}

/* Started off, the processors still belong to us. */
static bool disabled(const otel_options *options, size_t size)
{
    otel_options o = {0};
    uint64_t off = false;
    otel__env_reading reading;
    if (options) memcpy(&o, options, size < sizeof o ? size : sizeof o);
    otel__env_begin(&reading, o.environment == OTEL_ENV_IGNORED);
    otel__diag_read_level();
    otel_env_read(&otel__env.OTEL_SDK_DISABLED, &off);
    otel__env_end(&reading);
    for (size_t i = 0; off && o.log_processors && i < o.log_processor_count; i++)
        otel_log_processor_destroy(o.log_processors[i]);
    return off != 0;
}

otel_result otel_sdk_start_sized(const otel_options *options, size_t size)
{
    otel__propagators_choose(options, size); /* with a disabled SDK too */
    if (disabled(options, size)) return OTEL_OK;
    otel_provider *p = otel_provider_new_sized(options, size);
    if (!p) return OTEL_ERR_CONFIG;
    otel_result result = OTEL_ERR_ALREADY;
    if (claim((otel__provider *)p)) {
        result = otel_provider_set_global(p);
        if (result == OTEL_OK) {
            otel__exit_prepare((otel__provider *)p);
            return OTEL_OK;
        }
        if (result == OTEL_ERR_NO_MEMORY)
            otel_diag(OTEL_SEVERITY_ERROR, "provider", "no room: %d providers are attached already", OTEL__PORTS_MAX);
        unclaim();
    }
    otel_provider_stop(p, 0);
    return result;
}

/* Books first, so that they can be read at any moment; true: nobody is reading the provider's own any more. */
static bool hand_in(otel__provider *p)
{
    otel__lock_take(&lock);
    keep_books(p);
    started = NULL;
    stopping = false;
    otel__lock_give(&lock);
    for (int look = 0; look < 100; look++) {
        otel__lock_take(&lock);
        bool alone = users == 0;
        otel__lock_give(&lock);
        if (alone) return true;
        otel__sleep_ns(100000);
    }
    return false;
}

static otel_result stop(otel__provider *p, bool was_started, uint32_t ms)
{
    bool everything;
    int saved = errno;
    bool can = otel__provider_end(p, ms, &everything);
    if (was_started) can &= hand_in(p);
    otel__provider_free(p, can);
    errno = saved;
    return everything && can ? OTEL_OK : OTEL_ERR_TIMEOUT;
}

/* The one that may stop it: NULL when nothing was started, or somebody is stopping it already. */
static otel__provider *begin_stop(const otel_provider *only)
{
    otel__lock_take(&lock);
    otel__provider *p = stopping || (only && only != (const otel_provider *)started) ? NULL : started;
    if (p) stopping = true;
    otel__lock_give(&lock);
    return p;
}

otel_result otel_stop(uint32_t ms)
{
    otel__provider *p = begin_stop(NULL);
    return p ? stop(p, true, ms) : OTEL_OK;
}

otel_result otel_provider_stop(otel_provider *provider, uint32_t ms)
{
    if (!provider) return OTEL_ERR_ARGUMENT;
    bool was_started = begin_stop(provider) != NULL;
    return stop((otel__provider *)provider, was_started, ms);
}

otel_result otel_flush(uint32_t ms)
{
    otel__provider *p = otel__started_hold();
    otel_result result = p ? otel_provider_flush(&p->base, ms) : OTEL_OK;
    otel__started_let_go(p);
    return result;
}
