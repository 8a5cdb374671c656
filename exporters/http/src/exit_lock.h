/* The network lock: held around every piece of network work, and taken for good when the process exits. */
#ifndef OTEL__EXIT_LOCK_H
#define OTEL__EXIT_LOCK_H
#include <signal.h>
#include <stdbool.h>

/* What leave undoes: SIGPIPE is kept from a host that runs the loop on a thread of its own. */
typedef struct otel__network {
    sigset_t signals;
    bool restore;
    bool pending;
} otel__network;

/* Registers the exit handler, once. After curl_global_init, so that it runs before OpenSSL's. */
void otel__network_ready(void);
/* false: the process is exiting; do nothing with the network, now or later. Never from inside. */
bool otel__network_enter(otel__network *guard);
void otel__network_leave(otel__network *guard);
/* In the child of a fork: whoever held the lock is not here. Any number of calls, any thread of the child. */
void otel__network_after_fork(void);
#endif
