/* Peers on the loopback that are up to no good. Each is a port; they last as long as the process. */
#ifndef PEERS_H
#define PEERS_H

unsigned peer_silent(void); /* takes connections, never says a word */
unsigned peer_closed(void); /* nobody listens */
unsigned peer_full(void);   /* a full backlog: connections are neither taken nor refused */
unsigned peer_endless_head(void); /* answers with header lines, as many as are taken */
/* Passes bytes on to another port; those that come back go on in small pieces, each a little later. */
unsigned peer_slow_relay(unsigned port);
#endif
