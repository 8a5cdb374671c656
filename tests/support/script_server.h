/* Servers of tests that are Python scripts beside this file: their first line is the port they listen on. */
#ifndef SCRIPT_SERVER_H
#define SCRIPT_SERVER_H
#include <sys/types.h>

typedef struct script_server {
    pid_t pid;
    int output;
    unsigned port;
} script_server;

/* "proxy.py" and its arguments, ended by NULL. Ends the test when it does not start. */
script_server script_server_start(const char *script, const char *const *arguments);
/* Ends it; what it printed after the port, to be freed. */
char *script_server_stop(script_server *server);
#endif
