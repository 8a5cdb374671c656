/* The SDK inside a program that knows nothing of it: started by the first line, stopped when the process exits. */
#ifndef OTEL__SYSLOG_LIFE_H
#define OTEL__SYSLOG_LIFE_H
#include <stdbool.h>

/* Starts the SDK once, with `name` as the service's when nobody says another. True: there is a provider to log to. */
bool otel__life_ready(const char *name);
/* This process has logged something that may not have been sent. */
void otel__life_logged(void);
/* Lines go to the system's log, too. */
bool otel__life_forwards(void);
/* Before the process goes on without exit handlers: sends what it has logged, within half a second. */
void otel__life_leaving(void);
/* Around a fork; the second takes what the first gave: true, no start is in progress. */
bool otel__life_fork_begin(void);
void otel__life_fork_end(bool in_child, bool apart);

/* The calling thread is in this library: what it logs meanwhile goes to the system's log alone. */
bool otel__life_enter(void); /* false: it was already */
void otel__life_leave(void);
#endif
