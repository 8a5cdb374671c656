/* Whoever waits for the desk is suspended, and keeps the seat. */
#include "seats.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "holding.h"

enum { PATIENCE_MS = 3000, LOOK_EVERY_MS = 100 };

struct desk_seat {
    struct MHD_Connection *connection;
    uint64_t since_ms; /* the connection or the end of its last request */
    desk_seat *next;
};

static void take(desk_seats *seats, struct MHD_Connection *connection, void **at)
{
    desk_seat *seat = malloc(sizeof *seat);
    if (!seat) return;
    *seat = (desk_seat){.connection = connection, .since_ms = desk_now_ms(), .next = seats->first};
    seats->first = *at = seat;
    seats->taken++;
}

static void leave(desk_seats *seats, desk_seat *seat)
{
    if (!seat) return;
    desk_seat **at = &seats->first;
    while (*at != seat) at = &(*at)->next;
    *at = seat->next;
    seats->taken--;
    free(seat);
}

void desk_seats_notify(void *context, struct MHD_Connection *connection, void **seat,
                       enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        take(context, connection, seat);
    else
        leave(context, *seat);
}

void desk_seats_done(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    desk_seat *seat = info ? info->socket_context : NULL;
    if (seat) seat->since_ms = desk_now_ms();
}

static bool waits_for_us(const desk_seat *seat)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(seat->connection, MHD_CONNECTION_INFO_CONNECTION_SUSPENDED);
    return info && info->suspended == MHD_YES;
}

static void show_out(const desk_seat *seat)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(seat->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info) shutdown(info->connect_fd, SHUT_RDWR);
}

void desk_seats_look(desk_seats *seats, uint64_t now_ms)
{
    seats->were_full = seats->taken >= DESK_SEATS;
    for (const desk_seat *seat = seats->first; seat && seats->were_full; seat = seat->next) {
        if (now_ms >= seat->since_ms + PATIENCE_MS && !waits_for_us(seat)) show_out(seat);
    }
}

int desk_seats_timeout_ms(const desk_seats *seats)
{
    return seats->were_full || seats->taken >= DESK_SEATS ? LOOK_EVERY_MS : -1;
}
