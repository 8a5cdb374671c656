/* The listening socket. */
#ifndef DESK_LISTENER_H
#define DESK_LISTENER_H

/* ADDR:PORT, [ADDR6]:PORT; port 0 picks a free one. Writes the address as a URL. -1: said on stderr why. */
int desk_listen(const char *address, char *url, unsigned url_room);
#endif
