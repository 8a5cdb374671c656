/* GET /tail: new records as server-sent events. The database is the queue: each watcher has a place in the tables and
 * reads on from there when its connection takes more, so that intake knows nothing of watchers and a slow one costs
 * nothing. Who is too far behind is told how many lines it misses. */
#ifndef DESK_TAIL_H
#define DESK_TAIL_H
#include <microhttpd.h>

#include "reader.h"
#include "tail_rows.h"

enum { DESK_MAX_WATCHERS = 16 };

typedef struct desk_watcher desk_watcher;

typedef struct desk_tail {
    const char *path;   /* of the database */
    desk_reader reader; /* while somebody watches; opened anew at every look */
    desk_watcher *first;
    int count;
    uint64_t next_look_ms;
    desk_place newest;
    bool ending;
} desk_tail;

/* Sends events: `log` with a row as JSON, `skipped` with a number; an id is the place behind it, and a client that
 * comes back with Last-Event-ID goes on there. NULL: too many watch already, or no memory. */
struct MHD_Response *desk_tail_join(desk_tail *tail, struct MHD_Connection *connection);
/* Call before MHD_run: wakes the watchers for whom there is news, and those whose client is gone. */
void desk_tail_look(desk_tail *tail, uint64_t now_ms);
/* -1: nobody watches. */
int desk_tail_timeout_ms(const desk_tail *tail, uint64_t now_ms);
/* Lets all go: their answers end. */
void desk_tail_end(desk_tail *tail);
#endif
