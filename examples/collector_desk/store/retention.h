/* How long rows are kept: by age, by the size of the database, by both, or for ever. */
#ifndef DESK_RETENTION_H
#define DESK_RETENTION_H
#include "../options.h"
#include "store.h"

typedef struct desk_retention {
    desk_store *store;
    const desk_serve_options *options;
    uint64_t due_ms;
    int fewer;        /* rows at once than usual, after a failure */
    uint64_t removed; /* rows, and not yet said */
    uint64_t said_ms;
} desk_retention;

/* Removes some of the oldest rows, if there are rows to be removed: a few thousandths of a second of work. */
void desk_retention_look(desk_retention *retention, uint64_t now_ms);
/* -1: everything is kept. */
int desk_retention_timeout_ms(const desk_retention *retention, uint64_t now_ms);
#endif
