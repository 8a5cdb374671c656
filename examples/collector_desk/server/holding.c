/* A suspended connection is not watched by libmicrohttpd, so clients that hang up are looked for here: else a client
 * that retries for an hour would use up every connection. */
#include "holding.h"

#include <errno.h>
#include <sys/socket.h>
#include <time.h>

enum { LOOK_EVERY_MS = 200 };

uint64_t desk_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void desk_hold(desk_holding *holding, desk_held *held, struct MHD_Connection *connection, uint64_t until_ms)
{
    *held = (desk_held){.connection = connection, .until_ms = until_ms, .next = holding->first};
    holding->first = held;
    MHD_suspend_connection(connection);
}

bool desk_has_hung_up(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    char byte;
    ssize_t got = info ? recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) : 0;
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

void desk_holding_look(desk_holding *holding, uint64_t now_ms)
{
    for (desk_held **at = &holding->first; *at;) {
        desk_held *held = *at;
        held->gone = held->until_ms > now_ms && desk_has_hung_up(held->connection);
        if (held->until_ms > now_ms && !held->gone) {
            at = &held->next;
            continue;
        }
        *at = held->next;
        MHD_resume_connection(held->connection);
    }
}

void desk_holding_end(desk_holding *holding)
{
    for (desk_held *held = holding->first; held; held = held->next) MHD_resume_connection(held->connection);
    holding->first = NULL;
}

int desk_holding_timeout_ms(const desk_holding *holding, uint64_t now_ms)
{
    if (!holding->first) return -1;
    uint64_t next = now_ms + LOOK_EVERY_MS;
    for (const desk_held *held = holding->first; held; held = held->next) {
        if (held->until_ms < next) next = held->until_ms;
    }
    return next > now_ms ? (int)(next - now_ms) : 0;
}
