/* The command line of `collector_desk serve`. */
#ifndef DESK_OPTIONS_H
#define DESK_OPTIONS_H
#include "server/orders.h"
#include "track/track_item.h"

typedef struct desk_serve_options {
    const char *listen; /* ADDR:PORT */
    const char *database;
    desk_orders orders;
    desk_track_rules rules;
    unsigned delay_ms;
    bool hang;
    const char *token_file; /* NULL: the variable DESK_TOKEN, or no token */
    const char *host;       /* a further name of the desk, for browsers; may be NULL */
    unsigned query_ms;      /* a question of the page takes at most so long */
    unsigned keep_days;     /* 0: for ever */
    uint64_t keep_bytes;    /* 0: as many as there are */
    const char *alerts;     /* the file of rules; NULL: no alerts */
} desk_serve_options;

/* False: said on stderr what is wrong. */
bool desk_serve_options_read(int count, char **arguments, desk_serve_options *options);
#endif
