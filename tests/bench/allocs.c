/* Counts heap allocations of the program it is preloaded into. malloc, calloc, realloc that returns memory and the
 * aligned ones count one each; free is not counted. The bench finds the two counters by name. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/* What the C library's own malloc is called underneath. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

uint64_t bench_allocs_thread(void);
uint64_t bench_allocs_all(void);
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void *memalign(size_t alignment, size_t size);
void *aligned_alloc(size_t alignment, size_t size);
int posix_memalign(void **out, size_t alignment, size_t size);

static uint64_t all;
static _Thread_local uint64_t mine __attribute__((tls_model("initial-exec"))); /* needs no allocation itself */

static void note(void)
{
    mine++;
    __atomic_fetch_add(&all, 1, __ATOMIC_RELAXED);
}

uint64_t bench_allocs_thread(void)
{
    return mine;
}

uint64_t bench_allocs_all(void)
{
    return __atomic_load_n(&all, __ATOMIC_RELAXED);
}

void *malloc(size_t size)
{
    note();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    note();
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    if (size) note();
    return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size)
{
    note();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    note();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    note();
    void *memory = __libc_memalign(alignment, size);
    if (!memory) return ENOMEM;
    *out = memory;
    return 0;
}
