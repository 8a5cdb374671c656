/* A signal makes a descriptor readable. The reader sees it and finishes what it has read; a thread sees it too, and
 * when the reader does not get there in half of the timeout, the thread stops the SDK, which wakes who waits for room
 * in it. */
#include "stopper.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <otel/otel.h>

enum { MOST_GRACE_MS = 1000 };

static int signalled_fd = -1; /* never read, so it stays readable */
static int finished_fd = -1;  /* likewise */
static uint32_t timeout;
static pthread_t thread;
static atomic_bool closed;

static void raise_flag(int fd)
{
    uint64_t one = 1;
    ssize_t written;
    do written = write(fd, &one, sizeof one);
    while (written < 0 && errno == EINTR);
}

static void set_handler(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler}; /* no SA_RESTART: a read that sleeps is to wake */
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void on_signal(int number)
{
    (void)number;
    int kept = errno;
    set_handler(SIGTERM, SIG_DFL);
    set_handler(SIGINT, SIG_DFL);
    raise_flag(signalled_fd);
    errno = kept;
}

/* A shell lets its background jobs ignore SIGINT: that stays so. */
static void take_signal(int number)
{
    struct sigaction present;
    if (sigaction(number, NULL, &present) == 0 && present.sa_handler != SIG_IGN) set_handler(number, on_signal);
}

static bool is_raised(int fd, int wait_ms)
{
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    return poll(&watched, 1, wait_ms) > 0;
}

static void wait_for_either(void)
{
    struct pollfd watched[2] = {{.fd = signalled_fd, .events = POLLIN}, {.fd = finished_fd, .events = POLLIN}};
    while (poll(watched, 2, -1) < 0 && errno == EINTR) continue;
}

/* Stops in this thread: the main one may be the one that waits. */
static void *attend(void *unused)
{
    (void)unused;
    wait_for_either();
    otel_deadline deadline = otel_deadline_in_ms(timeout);
    uint32_t grace = timeout / 2 < MOST_GRACE_MS ? timeout / 2 : MOST_GRACE_MS;
    if (!is_raised(finished_fd, (int)grace)) atomic_store(&closed, true);
    otel_stop(otel_deadline_left_ms(deadline));
    return NULL;
}

static bool start_thread(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the thread that reads */
    int error = pthread_create(&thread, NULL, attend, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return error == 0;
}

bool otel__stopper_start(uint32_t timeout_ms)
{
    timeout = timeout_ms;
    signalled_fd = eventfd(0, EFD_CLOEXEC);
    finished_fd = eventfd(0, EFD_CLOEXEC);
    if (signalled_fd < 0 || finished_fd < 0 || !start_thread()) {
        fprintf(stderr, "otel-log: cannot attend to signals: %s\n", strerror(errno));
        return false;
    }
    take_signal(SIGTERM);
    take_signal(SIGINT);
    return true;
}

int otel__stopper_fd(void)
{
    return signalled_fd;
}

bool otel__stopper_closed(void)
{
    return atomic_load_explicit(&closed, memory_order_acquire);
}

void otel__stopper_finish(void)
{
    raise_flag(finished_fd);
    pthread_join(thread, NULL);
}
