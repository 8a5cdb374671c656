/* The command line of `collector_desk serve`. */
#ifndef DESK_OPTIONS_H
#define DESK_OPTIONS_H
#include <stdbool.h>

typedef struct desk_serve_options {
    const char *listen; /* ADDR:PORT */
    const char *database;
    unsigned fail_status;         /* 0: requests are taken */
    const char *fail_retry_after; /* NULL: no such header */
    unsigned delay_ms;
    bool hang;
} desk_serve_options;

/* False: said on stderr what is wrong. */
bool desk_serve_options_read(int count, char **arguments, desk_serve_options *options);
#endif
