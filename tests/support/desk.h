/* collector_desk as a process: started, stopped, started again on its port, and asked what it has. */
#ifndef TESTS_DESK_H
#define TESTS_DESK_H
#include <stdbool.h>

typedef struct desk_process {
    int pid; /* 0: not running */
    unsigned port;
    int held; /* a socket that keeps the port for us while nobody listens there */
    char directory[64], database[96], url[64];
} desk_process;

/* The program is what COLLECTOR_DESK names. more: further arguments, ended by NULL; may be NULL. A second start takes
 * the port and the tables of the first. Ends the test when it cannot. */
void desk_start(desk_process *desk, const char *const *more);
void desk_stop(desk_process *desk);
/* Stops it and removes its tables. */
void desk_remove(desk_process *desk);
/* The first number that a query gives; -1: none. */
long long desk_number(const desk_process *desk, const char *format, ...) __attribute__((format(printf, 2, 3)));
#endif
