/* Bad peers: see peers.h. */
#include "peers.h"

#include "child.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 300, PIECE_MS = 1 };

static int make_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) abort();
    return fd;
}

static struct sockaddr_in loopback(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static unsigned bind_any(int fd)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) abort();
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) abort();
    return ntohs(address.sin_port);
}

static int connect_to(unsigned port, int flags)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    struct sockaddr_in address = loopback(port);
    if (fd >= 0) (void)!connect(fd, (struct sockaddr *)&address, sizeof address);
    return fd;
}

static void *take_all(void *argument)
{
    int fd = (int)(intptr_t)argument;
    while (accept4(fd, NULL, NULL, SOCK_CLOEXEC) >= 0) continue;
    return NULL;
}

typedef struct beginning {
    void *(*run)(void *);
    void *argument;
    sem_t begun;
} beginning;

static void *begin(void *argument)
{
    beginning *b = argument;
    void *(*run)(void *) = b->run;
    void *own = b->argument;
    sem_post(&b->begun);
    return run(own);
}

/* Waits until the thread is at work: a fork while it starts would copy the locks of a sanitizer's allocator held. */
static void start(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    beginning b = {.run = run, .argument = argument};
    sem_init(&b.begun, 0, 0);
    if (pthread_create(&thread, NULL, begin, &b) != 0) abort();
    while (sem_wait(&b.begun) != 0) continue;
    sem_destroy(&b.begun);
    pthread_detach(thread);
}

unsigned peer_silent(void)
{
    int fd = make_socket();
    unsigned port = bind_any(fd);
    if (listen(fd, 64) != 0) abort();
    start(take_all, (void *)(intptr_t)fd);
    return port;
}

unsigned peer_closed(void)
{
    return bind_any(make_socket()); /* bound, so that nobody else gets it; a socket that does not listen refuses */
}

unsigned peer_full(void)
{
    int fd = make_socket();
    unsigned port = bind_any(fd);
    if (listen(fd, 0) != 0) abort();
    connect_to(port, 0);
    poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1); /* it waits to be taken: no room for another */
    for (int i = 0; i < 4; i++) connect_to(port, SOCK_NONBLOCK);
    return port;
}

static void *send_lines(void *argument)
{
    static const char status[] = "HTTP/1.1 200 OK\r\n";
    char line[1024], request[4096];
    int fd, listener = (int)(intptr_t)argument;
    memset(line, 'x', sizeof line);
    memcpy(line, "X-Fill: ", 8);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        bool taken = read(fd, request, sizeof request) > 0 && send(fd, status, sizeof status - 1, MSG_NOSIGNAL) > 0;
        while (taken && send(fd, line, sizeof line, MSG_NOSIGNAL) > 0) continue;
        close(fd);
    }
    return NULL;
}

unsigned peer_endless_head(void)
{
    int fd = make_socket();
    unsigned port = bind_any(fd);
    if (listen(fd, 64) != 0) abort();
    start(send_lines, (void *)(intptr_t)fd);
    return port;
}

/* ---- the slow relay ---- */

typedef struct relay {
    int from, to, listener;
    unsigned port;
} relay;

static bool pass_on(int from, int to, size_t piece)
{
    char bytes[16384];
    ssize_t n = read(from, bytes, piece < sizeof bytes ? piece : sizeof bytes);
    if (n <= 0) return false;
    if (piece == PIECE) child_sleep_ms(PIECE_MS);
    return send(to, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

static void *relay_one(void *argument)
{
    relay r = *(relay *)argument;
    free(argument);
    bool open = true;
    while (open) {
        struct pollfd watched[2] = {{.fd = r.from, .events = POLLIN}, {.fd = r.to, .events = POLLIN}};
        if (poll(watched, 2, -1) <= 0) break;
        if (watched[0].revents) open = pass_on(r.from, r.to, SIZE_MAX);
        if (open && watched[1].revents) open = pass_on(r.to, r.from, PIECE);
    }
    close(r.from);
    close(r.to);
    return NULL;
}

static void *relay_all(void *argument)
{
    relay *r = argument;
    int client;
    while ((client = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        relay *one = malloc(sizeof *one);
        if (!one) abort();
        *one = (relay){.from = client, .to = connect_to(r->port, 0)};
        start(relay_one, one);
    }
    return NULL;
}

unsigned peer_slow_relay(unsigned port)
{
    static relay r;
    r = (relay){.listener = make_socket(), .port = port};
    unsigned own = bind_any(r.listener);
    if (listen(r.listener, 64) != 0) abort();
    start(relay_all, &r);
    return own;
}
