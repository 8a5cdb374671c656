/* Claiming a slot, entering and leaving, and waiting until nobody is inside. */
#include "slot.h"
#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 4096 };

/* Threads beyond the table share these: two generations of counters, so that a waiter sees the old one drain. */
enum { CROWD = 0 };

static otel__slot slots[SLOTS];
_Atomic(otel__mark *) otel__marks;
_Atomic bool otel__marks_fence;

_Thread_local otel__slot *otel__slot_cached __attribute__((tls_model("initial-exec")));

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static uintptr_t thread_pointer(void)
{
#if defined(__x86_64__)
    uintptr_t p;
    __asm__("mov %%fs:0, %0" : "=r"(p));
    return p;
#else
    return (uintptr_t)__builtin_thread_pointer();
#endif
}

static uint32_t start_index(uintptr_t thread)
{
    uint64_t h = (uint64_t)thread * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 32) * 0xd6e8feb86659fd93u; /* one multiplication alone clusters on regular stack strides */
    return (uint32_t)(h >> 40) % SLOTS;
}

static _Atomic uint64_t *mark_of(const otel__slot *slot)
{
    otel__mark *marks = atomic_load_explicit(&otel__marks, memory_order_acquire);
    return marks ? &marks[OTEL__CROWD_LINES + slot->index].value : NULL;
}

/* A slot whose thread pointer is ours belonged to a dead thread, or to us before a handler interrupted the claim. */
static otel__slot *settle(otel__slot *slot, uint32_t index, bool fresh)
{
    slot->index = index;
    if (fresh) {
        slot->context = (otel_context){.span = {NULL, 0}};
        slot->attached = slot->dead_from = slot->dead_to = 0;
        atomic_store_explicit(&slot->inside, 0, memory_order_relaxed);
        atomic_store_explicit(&slot->suppress, 0, memory_order_relaxed);
    }
    atomic_store_explicit(&slot->tid, (int32_t)syscall(SYS_gettid), memory_order_relaxed);
    _Atomic uint64_t *mark = mark_of(slot);
    uint64_t m = mark ? atomic_load_explicit(mark, memory_order_relaxed) : 0;
    if (m & 1) atomic_store_explicit(mark, m + 1, memory_order_release);
    otel__slot_cached = slot;
    return slot;
}

/* Only a slot whose mark was set in this process is taken from its owner: after a fork the surviving thread's own slot
 * looks like those of the dead ones until it enters again. */
static bool abandoned(const otel__slot *slot, int32_t tid)
{
    _Atomic uint64_t *mark = mark_of(slot);
    if (!tid || !mark || !atomic_load_explicit(mark, memory_order_relaxed)) return false;
    return syscall(SYS_tgkill, getpid(), tid, 0) != 0 && errno == ESRCH;
}

/* Looking for abandoned slots costs a system call each: once a second is enough for all. */
static bool worth_looking(void)
{
    static _Atomic int64_t last;
    int64_t now = now_ns(), then = atomic_load(&last);
    return (then == 0 || now - then > 1000000000) && atomic_compare_exchange_strong(&last, &then, now);
}

static otel__slot *claim_abandoned(uintptr_t thread)
{
    if (!worth_looking()) return NULL;
    int32_t me = (int32_t)syscall(SYS_gettid);
    for (uint32_t i = 0; i < SLOTS; i++) {
        int32_t tid = atomic_load_explicit(&slots[i].tid, memory_order_relaxed);
        if (!abandoned(&slots[i], tid) || !atomic_compare_exchange_strong(&slots[i].tid, &tid, me)) continue;
        atomic_store(&slots[i].thread, thread);
        return settle(&slots[i], i, true);
    }
    return NULL;
}

/* Of the dead thread that had our pointer; false: another took it meanwhile, as abandoned. The tid decides who has it.
 */
static bool inherit(otel__slot *slot, uintptr_t thread)
{
    int32_t me = (int32_t)syscall(SYS_gettid), tid = atomic_load(&slot->tid);
    bool mine = tid == me || atomic_compare_exchange_strong(&slot->tid, &tid, me);
    return mine && atomic_load(&slot->thread) == thread;
}

static otel__slot *claim(void)
{
    uintptr_t thread = thread_pointer();
    uint32_t i = start_index(thread);
    for (uint32_t n = 0; n < SLOTS; n++, i = (i + 1) % SLOTS) {
        uintptr_t owner = atomic_load_explicit(&slots[i].thread, memory_order_relaxed);
        if (!owner && atomic_compare_exchange_strong(&slots[i].thread, &owner, thread))
            return settle(&slots[i], i, true);
        if (owner == thread && inherit(&slots[i], thread)) return settle(&slots[i], i, true);
    }
    return claim_abandoned(thread);
}

otel__slot *otel__slot_claim(void)
{
    int saved = errno;
    otel__slot *slot = claim();
    errno = saved;
    return slot;
}

static bool membarrier_registered(void)
{
    return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

bool otel__marks_ready(void)
{
    if (atomic_load_explicit(&otel__marks, memory_order_acquire)) return true;
    size_t bytes = sizeof(otel__mark) * (SLOTS + OTEL__CROWD_LINES);
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) return false;
    if (madvise(p, bytes, MADV_WIPEONFORK)) {
        munmap(p, bytes);
        return false;
    }
    if (!membarrier_registered()) atomic_store(&otel__marks_fence, true);
    atomic_store_explicit(&otel__marks, p, memory_order_release);
    return true;
}

/* The first entry of a slot in this process: its mark was never set, or a fork wiped it. */
static uint64_t renew(otel__slot *slot)
{
    atomic_store_explicit(&slot->tid, (int32_t)syscall(SYS_gettid), memory_order_relaxed);
    return 2;
}

static uint64_t crowd_enter(void)
{
    otel__mark *marks = atomic_load_explicit(&otel__marks, memory_order_acquire);
    uint64_t which = atomic_load(&marks[CROWD].value) & 1;
    atomic_fetch_add(&marks[1 + which].value, 1);
    return which;
}

uint64_t otel__mark_enter_slowly(otel__slot *slot)
{
    if (!slot) return crowd_enter();
    _Atomic uint64_t *mark = otel__mark_of(slot);
    uint64_t m = atomic_load_explicit(mark, memory_order_relaxed);
    if (m == 0) m = renew(slot);
    atomic_store_explicit(&slot->inside, 1, memory_order_relaxed);
    atomic_exchange(mark, m + 1); /* a fence of our own, whether needed or not */
    return m + 2;
}

void otel__mark_leave_crowd(uint64_t mark)
{
    otel__mark *marks = atomic_load_explicit(&otel__marks, memory_order_acquire);
    atomic_fetch_sub(&marks[1 + mark].value, 1);
}

/* leave() stores the even value that enter() computed, so the pause must not move on: odd - 1, and odd again. */
uint64_t otel__mark_pause(otel__slot *slot)
{
    _Atomic uint64_t *mark = mark_of(slot);
    uint64_t m = atomic_load_explicit(mark, memory_order_relaxed);
    if (!(m & 1)) return 0;
    atomic_store_explicit(mark, m - 1, memory_order_release);
    return 1;
}

void otel__mark_resume(otel__slot *slot)
{
    _Atomic uint64_t *mark = mark_of(slot);
    atomic_exchange(mark, atomic_load_explicit(mark, memory_order_relaxed) | 1);
}

static bool wait_while(_Atomic uint64_t *word, bool (*busy)(uint64_t now, uint64_t then), int64_t deadline)
{
    uint64_t then = atomic_load_explicit(word, memory_order_acquire);
    struct timespec nap = {0, 20000};
    while (busy(atomic_load_explicit(word, memory_order_acquire), then)) {
        if (now_ns() >= deadline) return false;
        nanosleep(&nap, NULL);
        if (nap.tv_nsec < 1000000) nap.tv_nsec *= 2;
    }
    return true;
}

bool otel__mark_shield(otel__slot *slot)
{
    _Atomic uint64_t *mark = otel__mark_of(slot);
    uint64_t m = atomic_load_explicit(mark, memory_order_relaxed);
    if (m & 1) return false;
    if (!m) m = renew(slot); /* 0 would be taken for a mark that a fork has wiped */
    atomic_exchange(mark, m + 1);
    return true;
}

void otel__mark_unshield(otel__slot *slot)
{
    _Atomic uint64_t *mark = otel__mark_of(slot);
    atomic_store_explicit(mark, atomic_load_explicit(mark, memory_order_relaxed) - 1, memory_order_release);
}

static bool still_inside(uint64_t now, uint64_t then)
{
    return (then & 1) && now == then;
}

static bool not_zero(uint64_t now, uint64_t then)
{
    (void)then;
    return now != 0;
}

/* A child of a fork may find the counters of threads that it does not have: the wipe has zeroed them. */
static bool crowd_wait(otel__mark *marks, int64_t deadline)
{
    for (int turn = 0; turn < 2; turn++) {
        uint64_t old = atomic_fetch_add(&marks[CROWD].value, 1) & 1;
        if (!wait_while(&marks[1 + old].value, not_zero, deadline)) return false;
    }
    return true;
}

static void fence_everybody(void)
{
    if (atomic_load(&otel__marks_fence)) return;
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0) return;
    if (membarrier_registered()) syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

bool otel__marks_wait(int64_t deadline)
{
    otel__mark *marks = atomic_load_explicit(&otel__marks, memory_order_acquire);
    if (!marks) return true;
    fence_everybody();
    for (uint32_t i = 0; i < SLOTS; i++)
        if (!wait_while(&marks[OTEL__CROWD_LINES + i].value, still_inside, deadline)) return false;
    return crowd_wait(marks, deadline);
}
