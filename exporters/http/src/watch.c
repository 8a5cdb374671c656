/* An epoll set of the sender's own, and the list of sockets it has opened. */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <otel/sdk/allocator.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* In a process whose standard streams are closed ours would become those, and its output would go to the receiver. */
static int beyond_streams(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO) return fd;
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), saved = errno;
    close(fd);
    errno = saved;
    return moved;
}

void otel__streams_occupy(int held[3])
{
    for (int i = 0; i < 3; i++) held[i] = -1;
    for (int i = 0; i < 3; i++) {
        int fd = eventfd(0, EFD_CLOEXEC);
        if (fd >= 0 && fd <= STDERR_FILENO) {
            held[i] = fd;
            continue;
        }
        if (fd >= 0) close(fd);
        return;
    }
}

void otel__streams_release(const int held[3])
{
    for (int i = 0; i < 3; i++)
        if (held[i] >= 0) close(held[i]);
}

int otel__watch_next_number(void)
{
    int fd = eventfd(0, EFD_CLOEXEC);
    if (fd >= 0) close(fd);
    return fd;
}

bool otel__watch_open(otel__watch *watch)
{
    watch->epoll = beyond_streams(epoll_create1(EPOLL_CLOEXEC));
    return watch->epoll >= 0;
}

void otel__watch_close(otel__watch *watch)
{
    if (watch->epoll >= 0) close(watch->epoll);
    watch->epoll = -1;
    otel_release(watch->sockets);
    watch->sockets = NULL;
    watch->count = watch->capacity = watch->watched = 0;
}

/* 0: no socket. */
static uint64_t inode_of(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 && S_ISSOCK(s.st_mode) ? (uint64_t)s.st_ino : 0;
}

/* The kernel lists the inodes that an epoll set watches; one without a socket of ours is left open, it is nobody's
 * harm. */
static bool holds_ours(const otel__watch *watch)
{
    char path[64], text[4096], ours[32];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", watch->epoll);
    int file = watch->epoll < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (n <= 0) return false;
    text[n] = '\0';
    for (size_t i = 0; i < watch->count; i++) {
        snprintf(ours, sizeof ours, " ino:%llx ", (unsigned long long)watch->sockets[i].inode);
        if (strstr(text, ours)) return true;
    }
    return false;
}

void otel__watch_abandon(otel__watch *watch)
{
    if (holds_ours(watch)) close(watch->epoll);
    watch->epoll = -1;
    for (size_t i = 0; i < watch->count; i++)
        if (inode_of(watch->sockets[i].fd) == watch->sockets[i].inode) close(watch->sockets[i].fd);
    watch->count = watch->watched = 0;
}

static otel__watched *find(otel__watch *watch, int fd)
{
    for (size_t i = 0; i < watch->count; i++)
        if (watch->sockets[i].fd == fd) return &watch->sockets[i];
    return NULL;
}

/* libcurl also watches descriptors that it opened itself; of those we do not know whether they are in the set. */
static bool change(otel__watch *watch, const otel__watched *socket, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    bool known = socket && !socket->watched;
    if (!known && epoll_ctl(watch->epoll, EPOLL_CTL_MOD, fd, &event) == 0) return true;
    if (epoll_ctl(watch->epoll, EPOLL_CTL_ADD, fd, &event) != 0) return false;
    watch->watched++;
    return true;
}

void otel__watch_set(otel__watch *watch, int fd, uint32_t events)
{
    otel__watched *socket = find(watch, fd);
    if (events) {
        bool set = change(watch, socket, fd, events);
        if (socket) socket->watched = set;
        return;
    }
    if (socket && !socket->watched) return;
    if (epoll_ctl(watch->epoll, EPOLL_CTL_DEL, fd, NULL) == 0) watch->watched--;
    if (socket) socket->watched = false;
}

bool otel__watch_remember(otel__watch *watch, int fd)
{
    if (watch->count == watch->capacity) {
        size_t capacity = watch->capacity ? watch->capacity * 2 : 8;
        otel__watched *sockets = otel_reallocate(watch->sockets, capacity * sizeof *sockets);
        if (!sockets) return false;
        watch->sockets = sockets;
        watch->capacity = capacity;
    }
    watch->sockets[watch->count++] = (otel__watched){.fd = fd, .inode = inode_of(fd)};
    return true;
}

void otel__watch_forget(otel__watch *watch, int fd)
{
    otel__watched *socket = find(watch, fd);
    if (socket) *socket = watch->sockets[--watch->count];
}

int otel__watch_socket(otel__watch *watch, int family, int type, int protocol)
{
    int fd = beyond_streams(socket(family, type | SOCK_CLOEXEC, protocol));
    if (fd < 0 || otel__watch_remember(watch, fd)) return fd;
    close(fd);
    return -1;
}

int otel__watch_close_socket(otel__watch *watch, int fd)
{
    otel__watch_set(watch, fd, 0); /* a child of a fork may hold it too: closing alone would not take it out */
    otel__watch_forget(watch, fd);
    return close(fd);
}
