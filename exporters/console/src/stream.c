/* Writing to a descriptor of the host: short writes, EINTR, EAGAIN, a deadline, and SIGPIPE kept from the host. */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* SIGPIPE as it was before we blocked it in this thread. */
typedef struct pipe_signal {
    sigset_t only, before;
    bool pending; /* one was waiting already: it is the host's, leave it */
} pipe_signal;

static void hold_signal(pipe_signal *held)
{
    sigset_t waiting;
    sigemptyset(&held->only);
    sigaddset(&held->only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &held->only, &held->before);
    held->pending =
        sigismember(&held->before, SIGPIPE) == 1 && sigpending(&waiting) == 0 && sigismember(&waiting, SIGPIPE) == 1;
}

/* The signal of a write that failed with EPIPE waits for this thread alone: take it away, then restore the mask. */
static void release_signal(const pipe_signal *held, bool raised)
{
    const struct timespec at_once = {0, 0};
    if (raised && !held->pending)
        while (sigtimedwait(&held->only, NULL, &at_once) < 0 && errno == EINTR) continue;
    pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}

/* How much one write may hold, so that it does not block: a pipe that polls writable takes PIPE_BUF bytes, maybe not
 * more. */
static size_t piece(int32_t descriptor, size_t size)
{
    struct stat status;
    if (size <= PIPE_BUF) return size;
    int flags = fcntl(descriptor, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK) != 0) return size;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return size;
    return PIPE_BUF;
}

/* Waits until the descriptor takes bytes, or has an error that the write will tell. 0 or ETIMEDOUT. */
static int32_t wait_writable(int32_t descriptor, otel_deadline deadline)
{
    for (;;) {
        struct pollfd wanted = {.fd = descriptor, .events = POLLOUT, .revents = 0};
        uint32_t left = otel_deadline_left_ms(deadline);
        int ready = poll(&wanted, 1, left > INT_MAX ? -1 : (int)left);
        if (ready > 0) return 0;
        if (ready == 0 && left <= INT_MAX) return ETIMEDOUT;
        if (ready < 0 && errno != EINTR && errno != EAGAIN) return errno;
    }
}

static int32_t write_all(int32_t descriptor, const char *data, size_t size, otel_deadline deadline, size_t *written)
{
    while (*written < size) {
        int32_t error = wait_writable(descriptor, deadline);
        if (error != 0) return error;
        ssize_t n = write(descriptor, data + *written, piece(descriptor, size - *written));
        if (n >= 0)
            *written += (size_t)n;
        else if (errno != EINTR && errno != EAGAIN)
            return errno;
    }
    return 0;
}

int32_t otel__console_write(int32_t descriptor, const char *data, size_t size, otel_deadline deadline, size_t *written)
{
    pipe_signal held;
    *written = 0;
    hold_signal(&held);
    int32_t error = write_all(descriptor, data, size, deadline, written);
    release_signal(&held, error == EPIPE);
    return error;
}
