/* Host mode: the three calls of a program that has no thread to spare for us, safe with a provider that is gone or
 * being stopped by another thread. */
#include "provider.h"
#include <errno.h>

enum { HOSTS_MAX = 64, DISMISS_LOOKS = 100, LOOK_NS = 100000 };

/* Living providers in host mode, and how many calls are inside each. Static, without a lock: a fork copies none held.
 */
static struct {
    _Atomic(otel__provider *) provider;
    _Atomic uint32_t callers;
} hosts[HOSTS_MAX];

static int place_of(const otel__provider *p)
{
    for (int i = 0; i < HOSTS_MAX; i++)
        if (atomic_load(&hosts[i].provider) == p) return i;
    return -1;
}

bool otel__host_admit(otel__provider *p)
{
    for (int i = 0; i < HOSTS_MAX; i++) {
        otel__provider *nobody = NULL;
        if (!atomic_load(&hosts[i].callers) && atomic_compare_exchange_strong(&hosts[i].provider, &nobody, p))
            return true;
    }
    otel_diag(OTEL_SEVERITY_ERROR, "provider", "there are %d providers in host mode already", HOSTS_MAX);
    return false;
}

bool otel__host_dismiss(const otel__provider *p)
{
    int place = place_of(p);
    if (place < 0) return true;
    atomic_store(&hosts[place].provider, NULL);
    for (int look = 0; atomic_load(&hosts[place].callers); look++) {
        if (look == DISMISS_LOOKS) return false;
        otel__sleep_ns(LOOK_NS);
    }
    return true;
}

typedef struct visit {
    otel__loop *loop; /* NULL: there is no such provider (any more), or it has a thread */
    int place, saved;
} visit;

/* Until leave the provider is not freed. */
static visit enter(otel_provider *provider)
{
    visit v = {NULL, -1, errno};
    otel__provider *p = provider ? (otel__provider *)provider : otel__provider_started();
    v.place = p ? place_of(p) : -1;
    if (v.place < 0) return v;
    atomic_fetch_add(&hosts[v.place].callers, 1);
    if (atomic_load(&hosts[v.place].provider) != p) return v; /* just now: leave takes the caller off again */
    otel__provider_check_fork(p);
    v.loop = &p->loop;
    return v;
}

static void leave(const visit *v)
{
    if (v->place >= 0) atomic_fetch_sub(&hosts[v->place].callers, 1);
    errno = v->saved;
}

int32_t otel_poll_fd(otel_provider *provider)
{
    visit v = enter(provider);
    int32_t descriptor = v.loop ? v.loop->sleeper.epoll : -1;
    leave(&v);
    return descriptor;
}

int32_t otel_poll_timeout_ms(otel_provider *provider)
{
    visit v = enter(provider);
    int32_t timeout = v.loop ? otel__loop_timeout_ms(v.loop) : -1;
    leave(&v);
    return timeout;
}

void otel_poll(otel_provider *provider)
{
    visit v = enter(provider);
    if (v.loop) otel__loop_turn(v.loop);
    leave(&v);
}
