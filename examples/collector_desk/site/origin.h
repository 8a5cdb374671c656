/* Whose page is asking? Names that a foreign site can point at this machine, and requests that its pages send, are told
 * from the desk's own. */
#ifndef DESK_ORIGIN_H
#define DESK_ORIGIN_H
#include "../desk.h"

/* The header Host, with or without a port. Ours: localhost, an IP address (no name server decides where it leads), and
 * the hosts of `listen` (ADDR:PORT) and of `also` (may be NULL). A foreign name that was made to lead here is none. */
bool desk_host_is_ours(const char *host, const char *listen, const char *also);
/* The header Origin, NULL without one: ours is http or https to the same host and port as `host`. */
bool desk_origin_is_ours(const char *origin, const char *host);
#endif
