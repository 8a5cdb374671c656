/* AddressSanitizer before clang 17 does not take its own locks around a fork, as the C library does with malloc's: when
 * another thread is inside malloc at that moment, the child's first malloc waits for ever. Here they are taken, by the
 * names that the runtime has for them; in the order in which it takes them itself when it stops the world. */
#include <pthread.h>

void otel_test_lock_threads(void) __asm__("_ZN6__lsan18LockThreadRegistryEv") __attribute__((weak));
void otel_test_unlock_threads(void) __asm__("_ZN6__lsan20UnlockThreadRegistryEv") __attribute__((weak));
void otel_test_lock_allocator(void) __asm__("_ZN6__lsan13LockAllocatorEv") __attribute__((weak));
void otel_test_unlock_allocator(void) __asm__("_ZN6__lsan15UnlockAllocatorEv") __attribute__((weak));
void otel_test_lock_stacks(void) __asm__("_ZN11__sanitizer17StackDepotLockAllEv") __attribute__((weak));
void otel_test_unlock_stacks(void) __asm__("_ZN11__sanitizer19StackDepotUnlockAllEv") __attribute__((weak));

static void before(void)
{
    otel_test_lock_threads();
    otel_test_lock_allocator();
    otel_test_lock_stacks();
}

static void behind(void)
{
    otel_test_unlock_stacks();
    otel_test_unlock_allocator();
    otel_test_unlock_threads();
}

__attribute__((constructor)) static void watch_forks(void)
{
    if (otel_test_lock_threads && otel_test_lock_allocator && otel_test_lock_stacks)
        pthread_atfork(before, behind, behind);
}

/* One lock has no name: that of the quarantine, where freed memory waits. Without one it is not taken. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=0:thread_local_quarantine_size_kb=0";
}
