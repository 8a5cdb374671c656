/* What a provider's loop does besides exporting: words that an emitting thread could not say, files that may change. */
#include "provider.h"

void otel__provider_say_dropped(otel__provider *p)
{
    uint32_t to_say = 1;
    if (atomic_compare_exchange_strong(&p->life->attributes_dropped, &to_say, 2))
        otel_diag(OTEL_SEVERITY_WARN, "provider",
                  "records had more than %u attributes, or some without a key: those are dropped, the records' "
                  "dropped_attributes_count says how many",
                  p->limits.attribute_count);
}

/* Once a process: which detach it was nobody can tell. */
static void say_detach_errors(void)
{
    static _Atomic bool said;
    if (otel_context_detach_errors() && !atomic_exchange(&said, true))
        otel_diag(OTEL_SEVERITY_WARN, "context",
                  "a context was detached out of order, or twice: attach and detach must nest on each thread");
}

int64_t otel__provider_chores(void *provider, int64_t now)
{
    otel__provider_say_dropped(provider);
    say_detach_errors();
    return otel__provider_look_at_levels(provider, now);
}
