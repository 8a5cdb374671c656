/* There are only so many connections at a time. When all are taken, those that have not ended a request for a while
 * make room: whoever dribbles, or keeps a connection for later, shuts nobody out. */
#ifndef DESK_SEATS_H
#define DESK_SEATS_H
#include <microhttpd.h>

#include "../desk.h"

enum { DESK_SEATS = 256 };

typedef struct desk_seat desk_seat;

typedef struct desk_seats {
    desk_seat *first;
    unsigned taken;
    bool were_full; /* then libmicrohttpd listens again only when it is run once more */
} desk_seats;

/* For MHD_OPTION_NOTIFY_CONNECTION; the context is the seats. */
void desk_seats_notify(void *context, struct MHD_Connection *connection, void **seat,
                       enum MHD_ConnectionNotificationCode code);
/* A request of the connection is over. */
void desk_seats_done(struct MHD_Connection *connection);
/* Call before MHD_run. */
void desk_seats_look(desk_seats *seats, uint64_t now_ms);
/* -1: there is room. */
int desk_seats_timeout_ms(const desk_seats *seats);
#endif
