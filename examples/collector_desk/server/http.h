/* The HTTP side of the desk: which requests there are and how each is answered. */
#ifndef DESK_HTTP_H
#define DESK_HTTP_H
#include "holding.h"
#include "intake.h"
#include "seats.h"
#include "../options.h"
#include "../store/retention.h"
#include "../site/site.h"

typedef struct desk_http {
    const desk_serve_options *options;
    desk_intake *intake;
    desk_orders orders; /* a copy: it counts */
    desk_holding holding;
    desk_seats seats;
    desk_site site;
    desk_retention retention;
    size_t body_bytes; /* of all requests that are being received */
} desk_http;

/* Serves the socket, which it owns from then on, whenever MHD_run is called. NULL: it cannot. */
struct MHD_Daemon *desk_http_start(desk_http *http, int listen_socket);
#endif
