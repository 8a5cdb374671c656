/* Answers that are held back: for a while (--delay) or for ever (--hang). */
#ifndef DESK_HOLDING_H
#define DESK_HOLDING_H
#include <microhttpd.h>

#include "../desk.h"

typedef struct desk_held {
    struct MHD_Connection *connection;
    uint64_t until_ms; /* UINT64_MAX: for ever */
    struct desk_held *next;
    bool gone; /* the client has hung up */
} desk_held;

typedef struct desk_holding {
    desk_held *first;
} desk_holding;

uint64_t desk_now_ms(void);
/* True when the client of a suspended connection has closed it. */
bool desk_has_hung_up(struct MHD_Connection *connection);
/* Suspends the connection; its handler is called again when the time has come or the client is gone. */
void desk_hold(desk_holding *holding, desk_held *held, struct MHD_Connection *connection, uint64_t until_ms);
/* Lets go of those whose time has come and of those whose client has hung up. */
void desk_holding_look(desk_holding *holding, uint64_t now_ms);
/* Lets go of all. */
void desk_holding_end(desk_holding *holding);
/* -1: nothing is held. */
int desk_holding_timeout_ms(const desk_holding *holding, uint64_t now_ms);
#endif
