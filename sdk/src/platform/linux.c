/* platform.h for Linux; linux_process.c has what it says of process and machine. */
#include "platform.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { NS_PER_S = 1000000000, NS_PER_MS = 1000000 };

uint64_t otel__realtime_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

int64_t otel__monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

void otel__sleep_ns(int64_t ns)
{
    struct timespec t = {ns / NS_PER_S, (long)(ns % NS_PER_S)};
    nanosleep(&t, NULL);
}

void *otel__wiped_map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) return NULL;
    if (madvise(p, bytes, MADV_WIPEONFORK) == 0) return p;
    munmap(p, bytes);
    return NULL;
}

void otel__wiped_unmap(void *p, size_t bytes)
{
    if (p) munmap(p, bytes);
}

void *otel__pages_map(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

void otel__pages_unmap(void *p, size_t bytes)
{
    if (p) munmap(p, bytes);
}

bool otel__system_random(void *out, size_t size)
{
    return getrandom(out, size, GRND_NONBLOCK) == (ssize_t)size;
}

uintptr_t otel__thread_pointer(void)
{
#if defined(__x86_64__)
    uintptr_t p;
    __asm__("mov %%fs:0, %0" : "=r"(p));
    return p;
#else
    return (uintptr_t)__builtin_thread_pointer();
#endif
}

static long futex(_Atomic uint32_t *word, int operation, uint32_t value, const struct timespec *limit)
{
    return syscall(SYS_futex, word, operation, value, limit, NULL, 0);
}

void otel__wait_on(_Atomic uint32_t *word, uint32_t expected, int64_t deadline)
{
    if (deadline == INT64_MAX) {
        futex(word, FUTEX_WAIT_PRIVATE, expected, NULL);
        return;
    }
    int64_t left = deadline - otel__monotonic_ns();
    if (left <= 0) return;
    struct timespec limit = {left / NS_PER_S, (long)(left % NS_PER_S)};
    futex(word, FUTEX_WAIT_PRIVATE, expected, &limit);
}

void otel__wake_all(_Atomic uint32_t *word)
{
    int saved = errno;
    futex(word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL);
    errno = saved;
}

/* 0 free, 1 held, 2 held and somebody waits. */
void otel__lock_take(otel__lock *lock)
{
    uint32_t seen = 0;
    if (atomic_compare_exchange_strong(&lock->word, &seen, 1)) return;
    while (atomic_exchange(&lock->word, 2) != 0) otel__wait_on(&lock->word, 2, INT64_MAX);
}

bool otel__lock_take_until(otel__lock *lock, int64_t deadline)
{
    uint32_t seen = 0;
    if (atomic_compare_exchange_strong(&lock->word, &seen, 1)) return true;
    while (atomic_exchange(&lock->word, 2) != 0) {
        if (otel__monotonic_ns() >= deadline) return false;
        otel__wait_on(&lock->word, 2, deadline);
    }
    return true;
}

void otel__lock_give(otel__lock *lock)
{
    if (atomic_exchange(&lock->word, 0) == 2) otel__wake_all(&lock->word);
}

bool otel__thread_start(otel__thread *thread, const char *name, void *(*run)(void *), void *argument)
{
    sigset_t all, before;
    pthread_t handle;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&handle, NULL, run, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) return false;
    pthread_setname_np(handle, name);
    thread->handle = (uint64_t)handle;
    thread->running = true;
    return true;
}

void otel__thread_join(otel__thread *thread)
{
    if (thread->running) pthread_join((pthread_t)thread->handle, NULL);
    thread->running = false;
}

/* Away from 0, 1 and 2: a host that was started without them may open or dup2 something over those numbers. */
static int out_of_the_way(int descriptor)
{
    if (descriptor < 0 || descriptor > STDERR_FILENO) return descriptor;
    int higher = fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(descriptor);
    return higher;
}

bool otel__sleeper_open(otel__sleeper *sleeper)
{
    sleeper->epoll = out_of_the_way(epoll_create1(EPOLL_CLOEXEC));
    sleeper->bell = out_of_the_way(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (sleeper->epoll >= 0 && sleeper->bell >= 0 && otel__sleeper_watch(sleeper, sleeper->bell)) return true;
    otel__sleeper_close(sleeper);
    return false;
}

void otel__sleeper_close(otel__sleeper *sleeper)
{
    if (sleeper->epoll >= 0) close(sleeper->epoll);
    if (sleeper->bell >= 0) close(sleeper->bell);
    *sleeper = (otel__sleeper){-1, -1};
}

/* The kernel lists what an epoll set holds, with our address as the bell's data. */
static bool is_ours(const otel__sleeper *sleeper)
{
    char path[64], text[2048], ours[32];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", sleeper->epoll);
    snprintf(ours, sizeof ours, "data: %16llx", (unsigned long long)(uintptr_t)sleeper);
    int file = sleeper->epoll < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (n <= 0) return false;
    text[n] = '\0';
    return strstr(text, ours) != NULL;
}

void otel__sleeper_abandon(otel__sleeper *sleeper)
{
    if (is_ours(sleeper)) otel__sleeper_close(sleeper);
    *sleeper = (otel__sleeper){-1, -1};
}

bool otel__sleeper_watch(otel__sleeper *sleeper, int descriptor)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = descriptor == sleeper->bell ? (uintptr_t)sleeper : 0};
    return epoll_ctl(sleeper->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 || errno == EEXIST;
}

void otel__sleeper_ring(otel__sleeper *sleeper)
{
    int saved = errno;
    uint64_t one = 1;
    ssize_t n = write(sleeper->bell, &one, sizeof one);
    (void)n; /* the bell is full: it is ringing already */
    errno = saved;
}

static int milliseconds_until(int64_t deadline)
{
    if (deadline == INT64_MAX) return -1;
    int64_t left = deadline - otel__monotonic_ns();
    if (left <= 0) return 0;
    return left > 3600000ll * NS_PER_MS ? 3600000 : (int)((left + NS_PER_MS - 1) / NS_PER_MS);
}

void otel__sleeper_sleep(otel__sleeper *sleeper, int64_t deadline)
{
    struct epoll_event events[8];
    uint64_t rings;
    int n = epoll_wait(sleeper->epoll, events, 8, milliseconds_until(deadline));
    for (int i = 0; i < n; i++)
        if (events[i].data.u64 == (uintptr_t)sleeper) {
            ssize_t got = read(sleeper->bell, &rings, sizeof rings);
            (void)got; /* nothing there: another event of the same round emptied it */
        }
}

void otel__pin_module(const void *code)
{
    Dl_info info;
    if (!dladdr(code, &info) || !info.dli_fname) return;
    dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE); /* the handle is kept on purpose */
}

/* A SIGPIPE is sent to the thread that writes: blocked here, and taken back unless it was waiting before. */
void otel__write_quietly(int descriptor, const void *bytes, size_t size)
{
    sigset_t pipe, before, pending;
    struct timespec now = {0, 0};
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    sigpending(&pending);
    ssize_t n = write(descriptor, bytes, size);
    if (n < 0 && errno == EPIPE && !sigismember(&pending, SIGPIPE)) sigtimedwait(&pipe, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}
