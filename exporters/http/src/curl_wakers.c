/* The two sockets by which libcurl wakes itself. Older versions leave them open in programs that the host executes, and
 * nothing tells their numbers; so they are found by what happens to them when libcurl is asked to wake itself. */
#include "curl_internal.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { LOOKED_AT = 64 }; /* numbers from the first that was free before */

static bool candidate(int fd)
{
    int domain = 0;
    socklen_t size = sizeof domain;
    int flags = fcntl(fd, F_GETFD);
    return flags >= 0 && !(flags & FD_CLOEXEC) && getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
           domain == AF_UNIX;
}

/* Bytes on their way in or out. */
static int waiting(int fd, unsigned long direction)
{
    int bytes = 0;
    return ioctl(fd, direction, &bytes) == 0 ? bytes : -1;
}

static void adopt(curl_sender *self, int nth, int fd)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    self->wakers[nth] = otel__watch_remember(&self->watch, fd) ? fd : -1;
}

void otel__curl_find_wakers(curl_sender *self, int first)
{
    bool idle[LOOKED_AT] = {false};
    self->wakers[0] = self->wakers[1] = -1;
    if (first < 0) return;
    for (int i = 0; i < LOOKED_AT; i++)
        idle[i] = candidate(first + i) && waiting(first + i, FIONREAD) == 0 && waiting(first + i, SIOCOUTQ) == 0;
    if (curl_multi_wakeup(self->multi) != CURLM_OK) return;
    for (int i = 0; i < LOOKED_AT; i++) {
        if (!idle[i]) continue;
        if (self->wakers[0] < 0 && waiting(first + i, FIONREAD) == 1) adopt(self, 0, first + i);
        if (self->wakers[1] < 0 && waiting(first + i, SIOCOUTQ) > 0) adopt(self, 1, first + i);
    }
    curl_multi_poll(self->multi, NULL, 0, 0, NULL); /* takes the byte out again */
}

void otel__curl_forget_wakers(curl_sender *self)
{
    for (int i = 0; i < 2; i++) otel__watch_forget(&self->watch, self->wakers[i]);
    self->wakers[0] = self->wakers[1] = -1;
}
