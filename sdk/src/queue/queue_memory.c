/* The queue's memory: options and layout, mapping and unmapping, first use in the child of a fork, free lists of
 * chunks. */
#include "queue_internal.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

/* -- layout ---------------------------------------------------------------------------------------------- */

static uint32_t descriptors_for(uint32_t chunk_bytes)
{
    uint32_t n = chunk_bytes / 128;
    return n < OTEL__QUEUE_DESCRIPTORS_MAX ? n : OTEL__QUEUE_DESCRIPTORS_MAX;
}

static uint32_t data_for(uint32_t chunk_bytes)
{
    return (OTEL__QUEUE_HEADER + 8 * descriptors_for(chunk_bytes) + 63) & ~UINT32_C(63);
}

static bool valid_chunk_bytes(uint32_t bytes)
{
    return bytes && bytes % 4096 == 0 && bytes <= OTEL__QUEUE_CHUNK_BYTES_MAX;
}

static bool valid_options(const otel__queue_options *o)
{
    bool stripes = o->stripes && o->stripes <= OTEL__QUEUE_STRIPES_MAX && (o->stripes & (o->stripes - 1)) == 0;
    bool numbers = o->chunks && o->chunks <= OTEL__QUEUE_CHUNKS_MAX && o->jumbos <= OTEL__QUEUE_CHUNKS_MAX - o->chunks;
    bool jumbos = !o->jumbos || (valid_chunk_bytes(o->jumbo_bytes) && o->jumbo_bytes > o->chunk_bytes);
    bool records = o->max_records && o->max_records <= INT32_MAX && o->batch_records;
    return stripes && numbers && jumbos && records && valid_chunk_bytes(o->chunk_bytes);
}

bool otel__queue_geometry(otel__queue *q, const otel__queue_options *options)
{
    *q = (otel__queue){.control = NULL};
    if (!options || !valid_options(options)) {
        errno = EINVAL;
        return false;
    }
    uint64_t bytes =
        (uint64_t)options->chunks * options->chunk_bytes + (uint64_t)options->jumbos * options->jumbo_bytes;
    if (bytes > SIZE_MAX / 4) { /* a small address space */
        errno = ENOMEM;
        return false;
    }
    q->options = *options;
    q->chunk_bytes = options->chunk_bytes;
    q->descriptors = descriptors_for(options->chunk_bytes);
    q->data = data_for(options->chunk_bytes);
    q->stripe_mask = options->stripes - 1;
    q->map_bytes = (size_t)bytes;
    size_t links = (size_t)options->chunks + options->jumbos;
    q->control_bytes = (sizeof(otel__queue_control) + links * sizeof(uint32_t) + 4095) & ~(size_t)4095;
    return true;
}

uint32_t otel__queue_jumbo_bytes(uint32_t chunk_bytes, uint32_t record_bytes)
{
    if (!valid_chunk_bytes(chunk_bytes)) return 0;
    uint64_t bytes = ((uint64_t)data_for(chunk_bytes) + record_bytes + 4095) & ~UINT64_C(4095);
    if (bytes <= chunk_bytes) bytes = (uint64_t)chunk_bytes + 4096;
    return bytes <= OTEL__QUEUE_CHUNK_BYTES_MAX ? (uint32_t)bytes : 0;
}

/* -- mapping --------------------------------------------------------------------------------------------- */

/* Address space only, until it is touched. Remembers in *wiped if the kernel will not empty it in the child of a fork.
 */
static void *map_private(size_t bytes, bool *wiped)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return NULL;
    if (madvise(p, bytes, MADV_WIPEONFORK)) *wiped = false;
    return p;
}

/* Blocks now: a full disk must be an error here and not a SIGBUS in somebody's log call. */
static bool allocate_file(const otel__queue *q)
{
    int error;
    do error = posix_fallocate(q->options.fd, (off_t)q->options.file_offset, (off_t)q->map_bytes);
    while (error == EINTR);
    if (error) errno = error;
    return !error;
}

static uint8_t *map_file(const otel__queue *q)
{
    off_t offset = (off_t)q->options.file_offset;
    void *p = mmap(NULL, q->map_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, q->options.fd, offset);
    if (p == MAP_FAILED) return NULL;
    if (!madvise(p, q->map_bytes, MADV_DONTFORK)) return p; /* a child that shared it would mix its records in */
    int error = errno;
    munmap(p, q->map_bytes);
    errno = error;
    return NULL;
}

/* Descriptors of a fresh chunk must be 0; those that an earlier process left in the file are not. */
static void erase_chunks(const otel__queue *q, uint64_t old_bytes)
{
    uint32_t total = q->options.chunks + q->options.jumbos;
    uint8_t *map = OTEL__QUEUE_LOAD(&q->map);
    for (uint32_t chunk = 1; chunk <= total; chunk++) {
        uint8_t *at = otel__queue_chunk_at(q, chunk);
        if ((uint64_t)(at - map) >= old_bytes) return;
        memset(at, 0, q->data);
    }
}

static bool open_file(otel__queue *q)
{
    struct stat status;
    if (fstat(q->options.fd, &status)) return false;
    if (q->options.file_offset > (uint64_t)INT64_MAX - q->map_bytes) {
        errno = EFBIG;
        return false;
    }
    uint64_t size = status.st_size > 0 ? (uint64_t)status.st_size : 0;
    uint8_t *map = allocate_file(q) ? map_file(q) : NULL;
    atomic_store_explicit(&q->map, map, memory_order_relaxed);
    if (!map) return false;
    if (size > q->options.file_offset) erase_chunks(q, size - q->options.file_offset);
    q->spare = map_private(q->map_bytes, &q->wiped_on_fork);
    return q->spare != NULL;
}

bool otel__queue_open(otel__queue *q, const otel__queue_options *options)
{
    if (!otel__queue_geometry(q, options)) return false;
    q->wiped_on_fork = true;
    q->control = map_private(q->control_bytes, &q->wiped_on_fork);
    bool opened = q->control != NULL;
    if (opened && options->fd < 0) {
        uint8_t *map = map_private(q->map_bytes, &q->wiped_on_fork);
        atomic_store_explicit(&q->map, map, memory_order_relaxed);
        opened = map != NULL;
    } else if (opened) {
        opened = open_file(q);
    }
    if (q->control) atomic_store_explicit(&q->control->state, 1, memory_order_release);
    if (!opened) otel__queue_unmap(q);
    return opened;
}

/* In the child of a fork the file's mapping does not exist, and its address may belong to somebody else by now: there
 * the state is still 0, or map is the spare. */
void otel__queue_unmap(otel__queue *q)
{
    if (!q || !q->control) return;
    int error = errno;
    uint8_t *map = OTEL__QUEUE_LOAD(&q->map);
    bool child = q->spare && (map == q->spare || !OTEL__QUEUE_LOAD(&q->control->state));
    if (map && !child) munmap(map, q->map_bytes);
    if (q->spare) munmap(q->spare, q->map_bytes);
    munmap(q->control, q->control_bytes);
    *q = (otel__queue){.control = NULL};
    errno = error;
}

/* -- forks ----------------------------------------------------------------------------------------------- */

void otel__queue_forked(otel__queue *q)
{
    if (!q || !q->control || q->wiped_on_fork) return;
    uint8_t *chunks = q->spare ? q->spare : OTEL__QUEUE_LOAD(&q->map);
    madvise(chunks, q->map_bytes, MADV_DONTNEED); /* private memory without a file: comes back as zeros */
    madvise(q->control, q->control_bytes, MADV_DONTNEED);
}

/* The first use in a child finds a wiped control block, so the queue is empty. A file's mapping was not inherited; the
 * child writes to the spare. The same two stores by whoever comes first, or by all at once: nothing to wait for. */
bool otel__queue_ready(otel__queue *q)
{
    if (atomic_load_explicit(&q->control->state, memory_order_acquire)) return true;
    if (q->options.inert_child) return false;
    if (q->spare) atomic_store_explicit(&q->map, q->spare, memory_order_relaxed);
    atomic_store_explicit(&q->control->state, 1, memory_order_release);
    return true;
}

/* -- free lists ------------------------------------------------------------------------------------------ */

static uint32_t pop_used(otel__queue *q, _Atomic uint64_t *list)
{
    uint64_t head = atomic_load_explicit(list, memory_order_acquire);
    while ((uint32_t)head) {
        uint32_t next = OTEL__QUEUE_LOAD(&q->control->next[(uint32_t)head - 1]);
        uint64_t want = ((head >> 32) + 1) << 32 | next;
        if (atomic_compare_exchange_weak_explicit(list, &head, want, memory_order_acquire, memory_order_acquire))
            return (uint32_t)head;
    }
    return 0;
}

static uint32_t pop_fresh(_Atomic uint32_t *fresh, uint32_t before, uint32_t count)
{
    uint32_t n = OTEL__QUEUE_LOAD(fresh);
    while (n < count)
        if (atomic_compare_exchange_weak_explicit(fresh, &n, n + 1, memory_order_relaxed, memory_order_relaxed))
            return before + n + 1;
    return 0;
}

/* Last in, first out: the chunk just exported is still in the cache, and memory never touched stays untouched. */
uint32_t otel__queue_pop(otel__queue *q, bool jumbo)
{
    otel__queue_control *c = q->control;
    uint32_t chunk = pop_used(q, jumbo ? &c->jumbo_free_list : &c->free_list);
    if (chunk) return chunk;
    return jumbo ? pop_fresh(&c->jumbo_fresh, q->options.chunks, q->options.jumbos)
                 : pop_fresh(&c->fresh, 0, q->options.chunks);
}

void otel__queue_push(otel__queue *q, uint32_t chunk)
{
    otel__queue_control *c = q->control;
    _Atomic uint64_t *list = chunk <= q->options.chunks ? &c->free_list : &c->jumbo_free_list;
    uint64_t head = OTEL__QUEUE_LOAD(list), want;
    do {
        atomic_store_explicit(&c->next[chunk - 1], (uint32_t)head, memory_order_relaxed);
        want = ((head >> 32) + 1) << 32 | chunk;
    } while (!atomic_compare_exchange_weak_explicit(list, &head, want, memory_order_release, memory_order_relaxed));
}
