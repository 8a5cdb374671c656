/* The network lock. OpenSSL frees itself in an exit handler; a thread of ours inside a handshake would then crash the
 * process. Our handler is registered later, so it runs earlier, and lets nobody in from then on. */
#include "exit_lock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_WAIT_NS = 100 * 1000 * 1000 };

/* `turn` guards the two flags and is held for some instructions only; `held` is the lock that lasts as long as the
 * work. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed;
static bool held;
static bool exiting;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static _Atomic pid_t owner; /* the process whose threads the flags are about; -1: being remade */

static void make_condition(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&freed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static struct timespec exit_deadline(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += EXIT_WAIT_NS;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static void at_exit(void)
{
    if (atomic_load(&owner) != getpid()) return; /* a child that never used the network: the flags are its parent's */
    struct timespec deadline = exit_deadline();
    pthread_mutex_lock(&turn);
    exiting = true;
    pthread_cond_broadcast(&freed);
    while (held && pthread_cond_timedwait(&freed, &turn, &deadline) == 0) continue;
    pthread_mutex_unlock(&turn);
}

static void prepare(void)
{
    make_condition();
    atomic_store(&owner, getpid());
    atexit(at_exit);
}

void otel__network_ready(void)
{
    pthread_once(&once, prepare);
}

void otel__network_after_fork(void)
{
    pid_t now = getpid();
    pid_t before = atomic_load(&owner);
    while (before != now) {
        if (before != -1 && atomic_compare_exchange_strong(&owner, &before, -1)) {
            turn = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
            make_condition();
            held = exiting = false;
            atomic_store(&owner, now);
        }
        before = atomic_load(&owner);
    }
}

static void hold_sigpipe(otel__network *guard)
{
    sigset_t pipe_alone, waiting;
    sigemptyset(&pipe_alone);
    sigaddset(&pipe_alone, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_alone, &guard->signals);
    guard->restore = !sigismember(&guard->signals, SIGPIPE);
    guard->pending = guard->restore && sigpending(&waiting) == 0 && sigismember(&waiting, SIGPIPE);
}

static void let_sigpipe_go(const otel__network *guard)
{
    if (!guard->restore) return;
    if (!guard->pending) { /* one that is waiting now is ours: swallow it */
        sigset_t pipe_alone;
        sigemptyset(&pipe_alone);
        sigaddset(&pipe_alone, SIGPIPE);
        sigtimedwait(&pipe_alone, NULL, &(struct timespec){0});
    }
    pthread_sigmask(SIG_SETMASK, &guard->signals, NULL);
}

bool otel__network_enter(otel__network *guard)
{
    pthread_mutex_lock(&turn);
    while (held && !exiting) pthread_cond_wait(&freed, &turn);
    bool entered = !exiting;
    if (entered) held = true;
    pthread_mutex_unlock(&turn);
    if (entered) hold_sigpipe(guard);
    return entered;
}

void otel__network_leave(otel__network *guard)
{
    let_sigpipe_go(guard);
    pthread_mutex_lock(&turn);
    held = false;
    pthread_cond_broadcast(&freed);
    pthread_mutex_unlock(&turn);
}
