/* Levels of a running provider: new ones, from the program or from their file. */
#include "common/environment.h"
#include "provider.h"
#include <errno.h>
#include <otel/sdk/allocator.h>

static const int64_t LOOK_NS = 1000000000;

/* A scope that is bound meanwhile waits for the lock, and finds the new ones. */
static void replace(otel__provider *p, const otel__levels *levels)
{
    otel__lock_take(&p->life->ports);
    otel__lock_take(&p->life->scopes);
    p->levels = *levels;
    otel__scopes_relevel(&p->scopes);
    atomic_store(&p->leveled, true);
    otel__lock_give(&p->life->scopes);
    otel__provider_publish(p);
    otel__lock_give(&p->life->ports);
}

bool otel__provider_set_levels(otel__provider *p, const char *text)
{
    otel__levels *levels = otel_allocate(sizeof *levels);
    if (!levels) return false;
    otel__levels_read(levels, text);
    replace(p, levels);
    otel_release(levels);
    return true;
}

otel_result otel_provider_set_log_levels(otel_provider *provider, const char *levels)
{
    otel__provider *held = provider ? NULL : otel__started_hold();
    otel__provider *p = provider ? (otel__provider *)provider : held;
    otel_result result = OTEL_ERR_ARGUMENT;
    if (p) {
        int saved = errno;
        otel__provider_check_fork(p);
        result = otel__provider_set_levels(p, levels) ? OTEL_OK : OTEL_ERR_NO_MEMORY;
        errno = saved;
    }
    otel__started_let_go(held);
    return result;
}

int64_t otel__provider_look_at_levels(otel__provider *p, int64_t now)
{
    otel__levels_file *file = &p->levels_file;
    if (!file->path) return OTEL_DEADLINE_NEVER;
    if (now < file->next_ns) return file->next_ns;
    char *text = otel__levels_file_news(file);
    if (text) {
        otel__provider_set_levels(p, text);
        otel_diag(OTEL_SEVERITY_INFO, "levels", "new levels from OTEL_C_LOG_LEVELS_FILE");
    }
    otel_release(text);
    return file->next_ns = now + LOOK_NS;
}
