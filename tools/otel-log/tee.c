/* Small writes, and a look before each: a pipe that is full must not keep a signal from ending the run. Nor may the
 * descriptor be made non-blocking: others hold it too. */
#include "tee.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STOPPING_MS = 250 };

void otel__tee_init(otel__tee *tee, int fd, int stop_fd)
{
    *tee = (otel__tee){.fd = fd, .stop_fd = stop_fd};
}

static void give_up(otel__tee *tee, const char *why)
{
    fprintf(stderr, "otel-log: %s: no more is copied to it; records are sent as before\n", why);
    tee->broken = true;
}

static void give_up_failed(otel__tee *tee, const char *why)
{
    char words[256];
    snprintf(words, sizeof words, "cannot write to standard output: %s", why);
    give_up(tee, words);
    tee->failed = true;
}

static void begin_to_stop(otel__tee *tee)
{
    tee->stopping = true;
    tee->deadline = otel_deadline_in_ms(STOPPING_MS);
}

static int time_left(const otel__tee *tee)
{
    return tee->stopping ? (int)otel_deadline_left_ms(tee->deadline) : -1;
}

/* True when a write may be tried: it is taken, or fails, at once. */
static bool wait_for_room(otel__tee *tee)
{
    for (;;) {
        struct pollfd watched[2] = {{.fd = tee->fd, .events = POLLOUT},
                                    {.fd = tee->stopping ? -1 : tee->stop_fd, .events = POLLIN}};
        int ready = poll(watched, 2, time_left(tee));
        if (ready < 0 && errno != EINTR && errno != EAGAIN) return true; /* the write says what is wrong */
        if (ready > 0 && watched[0].revents) return true;
        if (ready > 0) begin_to_stop(tee);
        if (ready == 0) {
            give_up_failed(tee, "its reader has stopped reading");
            return false;
        }
    }
}

void otel__tee_write(otel__tee *tee, const char *bytes, size_t size)
{
    while (size > 0 && !tee->broken && wait_for_room(tee)) {
        ssize_t written = write(tee->fd, bytes, size < PIPE_BUF ? size : PIPE_BUF);
        if (written >= 0) {
            bytes += written;
            size -= (size_t)written;
        } else if (errno == EPIPE) {
            give_up(tee, "standard output is closed");
        } else if (errno != EINTR && errno != EAGAIN) {
            give_up_failed(tee, strerror(errno));
        }
    }
}
