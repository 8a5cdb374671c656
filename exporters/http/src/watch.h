/* An epoll set of the sender's own, and the list of sockets it has opened. */
#ifndef OTEL__WATCH_H
#define OTEL__WATCH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct otel__watched {
    int fd;
    bool watched;   /* it is in the epoll set */
    uint64_t inode; /* by which a fork's child sees that the number still is this socket */
} otel__watched;

typedef struct otel__watch {
    int epoll; /* -1: none */
    otel__watched *sockets;
    size_t count, capacity;
    size_t watched; /* how many numbers are in the epoll set, libcurl's own among them */
} otel__watch;

/* Around calls that open descriptors which we cannot move: standard streams that are closed are taken meanwhile. */
void otel__streams_occupy(int held[3]);
void otel__streams_release(const int held[3]);
/* The number that the next descriptor will have, if nobody else opens one; -1: none can be opened. */
int otel__watch_next_number(void);

bool otel__watch_open(otel__watch *watch);
void otel__watch_close(otel__watch *watch);
/* In the child of a fork: closes the numbers and touches nothing behind them, because the parent uses the same objects;
 * and only those that can be seen to be ours still: the host may have closed everything and opened files of its own. */
void otel__watch_abandon(otel__watch *watch);
/* What to wait for; 0: nothing any more. */
void otel__watch_set(otel__watch *watch, int fd, uint32_t events);
/* For descriptors that others have opened: closed in the child of a fork. false: out of memory. */
bool otel__watch_remember(otel__watch *watch, int fd);
void otel__watch_forget(otel__watch *watch, int fd); /* it was closed */
/* A new socket with close-on-exec that is remembered until it is closed here; -1: none. */
int otel__watch_socket(otel__watch *watch, int family, int type, int protocol);
int otel__watch_close_socket(otel__watch *watch, int fd);
#endif
