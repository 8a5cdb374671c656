/* The one provider that otel_start makes, and its end. */
#include "common/diag.h"
#include "common/environment.h"
#include "common/variables.h"
#include "processor.h"
#include "provider.h"
#include <errno.h>
#include <string.h>

/* What otel_start made. */
static otel__provider *started; /* under the lock */
static uint32_t users;          /* calls that are inside it */
static bool stopping;
static otel__lock lock;

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
    otel__books_keep(p); /* asks exporters, who may ask us: not under the lock */
    otel__lock_take(&lock);
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
