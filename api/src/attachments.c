/* The providers that this copy of the API knows, the gate computed from them, and taking one away. */
#include "attachments.h"
#include "slot.h"
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

enum { ATTACHED_MAX = 16 };
static const int64_t RETIRE_NS = 10000000000; /* ten seconds: what a module may wait before it is unloaded */

typedef struct attachment {
    _Atomic(otel_provider *) provider; /* NULL: free; read without the lock */
    int32_t lowest, ask;
} attachment;

int32_t otel_log_gate[2] = {OTEL_GATE_CLOSED, 0};
_Atomic(otel_provider *) otel__global;
static attachment attached[ATTACHED_MAX];
static _Atomic int32_t lock_owner; /* a process id: a lock that the parent of a fork held is stale */

static void lock(void)
{
    int32_t me = (int32_t)getpid(), owner = 0;
    while (!atomic_compare_exchange_weak(&lock_owner, &owner, me)) {
        if (owner != 0 && owner != me && atomic_compare_exchange_weak(&lock_owner, &owner, me)) return;
        owner = 0;
        sched_yield();
    }
}

static void unlock(void)
{
    atomic_store(&lock_owner, 0);
}

static attachment *find(const otel_provider *provider)
{
    for (int i = 0; i < ATTACHED_MAX; i++)
        if (atomic_load_explicit(&attached[i].provider, memory_order_acquire) == provider) return &attached[i];
    return NULL;
}

bool otel__attached(const otel_provider *provider)
{
    return find(provider) != NULL;
}

static void fill(attachment *a, otel_provider *provider)
{
    a->lowest = OTEL_GATE_CLOSED;
    a->ask = 0;
    atomic_store(&a->provider, provider);
}

/* Lock held. Loggers that name no provider must ask when some other provider is what holds the gate open. */
static void set_gate(void)
{
    int32_t lowest = OTEL_GATE_CLOSED, ask = 0;
    const otel_provider *global = atomic_load(&otel__global);
    for (int i = 0; i < ATTACHED_MAX; i++) {
        otel_provider *provider = atomic_load(&attached[i].provider);
        if (!provider) continue;
        if (attached[i].lowest < lowest) lowest = attached[i].lowest;
        if (attached[i].ask || provider != global) ask = 1;
    }
    __atomic_store_n(&otel_log_gate[1], ask, __ATOMIC_RELAXED);
    __atomic_store_n(&otel_log_gate[0], lowest, __ATOMIC_RELAXED);
}

static void publish(otel_api_port *port, otel_provider *provider, int32_t lowest_rank, int32_t ask)
{
    (void)port;
    if (!provider) return;
    lock();
    attachment *a = find(provider);
    if (a) {
        a->lowest = lowest_rank;
        a->ask = ask;
        set_gate();
    }
    unlock();
}

static void forget(otel_provider *provider)
{
    lock();
    attachment *a = find(provider);
    if (a) fill(a, NULL);
    if (atomic_load(&otel__global) == provider) atomic_store(&otel__global, NULL);
    set_gate();
    unlock();
}

static bool retire(otel_api_port *port, otel_provider *provider, int64_t deadline)
{
    (void)port;
    if (!provider) return true;
    forget(provider);
    int saved = errno;
    bool empty = otel__marks_wait(deadline);
    errno = saved;
    return empty;
}

static otel_api_port port = {sizeof(otel_api_port), publish, retire};

/* True when the provider is known now; *known: it was before. */
static otel_result add(otel_provider *provider, bool global, bool *known)
{
    otel_result result = OTEL_OK;
    lock();
    otel_provider *present = atomic_load(&otel__global);
    attachment *a = find(provider);
    *known = a != NULL;
    if (!a) a = find(NULL);
    if (global && present && present != provider)
        result = OTEL_ERR_ALREADY;
    else if (!a || !otel__marks_ready())
        result = OTEL_ERR_NO_MEMORY;
    else if (!*known)
        fill(a, provider);
    if (result == OTEL_OK && global) atomic_store(&otel__global, provider);
    set_gate();
    unlock();
    return result;
}

/* The table's first version; one that is shorter cannot have been built against any. */
static bool usable(const otel_provider_ops *ops)
{
    const size_t first_version = offsetof(otel_provider_ops, suppressed) + sizeof ops->suppressed;
    return ops && ops->size >= first_version && ops->log && ops->log_emit && ops->log_enabled;
}

static otel_result attach(otel_provider *provider, bool global)
{
    if (!usable(provider->ops)) return OTEL_ERR_ARGUMENT;
    bool known = false;
    int saved = errno;
    otel_result result = add(provider, global, &known);
    if (result == OTEL_OK && !known && provider->ops->attach) {
        result = provider->ops->attach(provider, &port);
        if (result != OTEL_OK) forget(provider);
    }
    errno = saved;
    return result;
}

static otel_result detach(otel_provider *provider)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    bool empty = retire(&port, provider, (int64_t)t.tv_sec * 1000000000 + t.tv_nsec + RETIRE_NS);
    /* Else whoever stops it has to wait for us again. */
    if (empty && provider->ops->detach) provider->ops->detach(provider, &port);
    return empty ? OTEL_OK : OTEL_ERR_TIMEOUT;
}

otel_provider *otel_provider_global(void)
{
    return atomic_load_explicit(&otel__global, memory_order_acquire);
}

otel_result otel_provider_set_global(otel_provider *provider)
{
    if (provider) return attach(provider, true);
    otel_provider *present = atomic_load(&otel__global);
    return present ? detach(present) : OTEL_OK;
}

otel_result otel_provider_attach(otel_provider *provider)
{
    return provider ? attach(provider, false) : OTEL_ERR_ARGUMENT;
}

otel_result otel_provider_detach(otel_provider *provider)
{
    return provider ? detach(provider) : OTEL_ERR_ARGUMENT;
}
