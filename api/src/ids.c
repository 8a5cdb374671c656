/* New ids of traces and spans: random ones of the operating system, or those of the program's own generator. */
#include <otel/context.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static _Atomic(const otel_id_generator *) generator;

/* Without a source of randomness: unlikely to repeat, which is all that is left. */
static void improvise(uint8_t *out, size_t size)
{
    static _Atomic uint64_t count;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t seed = (uint64_t)t.tv_nsec * 0x9e3779b97f4a7c15u + (uint64_t)t.tv_sec + (uintptr_t)&t;
    seed += atomic_fetch_add(&count, 1) * 0xd6e8feb86659fd93u;
    for (size_t i = 0; i < size; i++) {
        seed = (seed ^ seed >> 29) * 0xbf58476d1ce4e5b9u;
        out[i] = (uint8_t)(seed >> 56);
    }
}

/* From the system each time: nothing is kept that the child of a fork could hand out again. */
static void fill(uint8_t *out, size_t size)
{
    int saved = errno;
    if (getrandom(out, size, GRND_NONBLOCK) != (ssize_t)size) improvise(out, size);
    errno = saved;
}

static bool zero(const uint8_t *bytes, size_t size)
{
    uint8_t any = 0;
    for (size_t i = 0; i < size; i++) any |= bytes[i];
    return !any;
}

bool otel_id_generator_set(const otel_id_generator *g)
{
    if (g && (g->size < sizeof *g || !g->trace_id || !g->span_id)) return false;
    atomic_store(&generator, g);
    return true;
}

/* Whether its last seven bytes are random. */
static bool make_trace_id(uint8_t id[16])
{
    const otel_id_generator *g = atomic_load(&generator);
    if (g) g->trace_id(g->user, id);
    bool own = g && !zero(id, 16);
    while (!own) {
        fill(id, 16);
        if (!zero(id, 16)) break;
    }
    return own ? g->random : true;
}

static void make_span_id(uint8_t id[8])
{
    const otel_id_generator *g = atomic_load(&generator);
    if (g) g->span_id(g->user, id);
    if (g && !zero(id, 8)) return;
    do {
        fill(id, 8);
    } while (zero(id, 8));
}

otel_span_context otel_span_context_child(const otel_span_context *parent)
{
    otel_context current;
    if (!parent) {
        current = otel_context_current();
        parent = &current.span_context;
    }
    otel_span_context child = *parent;
    if (!otel_span_context_valid(parent)) {
        memset(&child, 0, sizeof child);
        child.flags = OTEL_TRACE_FLAG_SAMPLED;
        if (make_trace_id(child.trace_id)) child.flags |= OTEL_TRACE_FLAG_RANDOM;
    }
    child.remote = false;
    make_span_id(child.span_id);
    return child;
}
