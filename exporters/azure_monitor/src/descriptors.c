/* Descriptors to wait for. */
#include "descriptors.h"

#include <otel/sdk/deadline.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { MOST_WAIT_MS = 60000 };

int32_t otel__azure_descriptor_join(int32_t a, int32_t b)
{
    struct epoll_event readable = {.events = EPOLLIN};
    int both = epoll_create1(EPOLL_CLOEXEC);
    if (both < 0) return -1;
    if (epoll_ctl(both, EPOLL_CTL_ADD, a, &readable) == 0 && epoll_ctl(both, EPOLL_CTL_ADD, b, &readable) == 0)
        return both;
    close(both);
    return -1;
}

void otel__azure_descriptor_close(int32_t descriptor)
{
    if (descriptor >= 0) close(descriptor);
}

void otel__azure_descriptor_wait(int32_t descriptor, int64_t until_monotonic_ns)
{
    struct pollfd watched = {.fd = descriptor, .events = POLLIN};
    uint32_t ms = otel_deadline_left_ms((otel_deadline){until_monotonic_ns});
    poll(&watched, 1, ms < MOST_WAIT_MS ? (int)ms : MOST_WAIT_MS);
}
