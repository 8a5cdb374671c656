/* Opens the listening socket and says in words what is wrong with an address. */
#include "listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 256 };

static int complain(const char *address, const char *words)
{
    fprintf(stderr, "collector_desk: cannot listen on %s: %s\n", address, words);
    return -1;
}

/* "[::1]:4318" into "::1" and "4318". */
static const char *split(const char *address, char *host, size_t room)
{
    const char *colon = strrchr(address, ':');
    if (!colon || !colon[1]) return NULL;
    size_t size = (size_t)(colon - address);
    bool bracketed = size >= 2 && address[0] == '[' && colon[-1] == ']';
    if (bracketed) size -= 2;
    if (size == 0 || size >= room || (!bracketed && memchr(address, ':', size))) return NULL;
    memcpy(host, address + bracketed, size);
    host[size] = '\0';
    return colon + 1;
}

static int open_socket(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol);
    if (fd < 0) return -1;
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static void write_url(int fd, char *url, unsigned room)
{
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    *url = '\0';
    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0) return;
    if (getnameinfo((struct sockaddr *)&bound, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return;
    bool six = bound.ss_family == AF_INET6;
    snprintf(url, room, "http://%s%s%s:%s", six ? "[" : "", host, six ? "]" : "", port);
}

int desk_listen(const char *address, char *url, unsigned url_room)
{
    char host[256];
    const char *port = split(address, host, sizeof host);
    if (!port) return complain(address, "it is not ADDR:PORT");
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found;
    int code = getaddrinfo(host, port, &wanted, &found);
    if (code != 0) return complain(address, gai_strerror(code));
    int fd = open_socket(found);
    int reason = errno;
    freeaddrinfo(found);
    if (fd < 0) return complain(address, strerror(reason));
    write_url(fd, url, url_room);
    return fd;
}
