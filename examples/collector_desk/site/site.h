/* What the desk shows in a browser: a table of paths, each with what answers it, and the headers that all answers have.
 */
#ifndef DESK_SITE_H
#define DESK_SITE_H
#include "../alerts/alert.h"
#include "../buffer.h"
#include "door.h"
#include "tail.h"

typedef struct desk_site {
    const desk_serve_options *options;
    desk_door door;
    desk_tail tail;
    desk_alerts *alerts; /* NULL: there are none */
} desk_site;

typedef struct desk_route desk_route;

/* One request to the site. */
typedef struct desk_visit {
    desk_site *site;
    struct MHD_Connection *connection;
    const char *path;        /* while its answer is made */
    const desk_route *route; /* NULL: refused */
    desk_refusal refusal;
    desk_buffer body;
    unsigned status; /* of the answer */
} desk_visit;

/* True: the path is the site's, and the rest of the request is the visit's. */
bool desk_site_begin(desk_site *site, desk_visit *visit, struct MHD_Connection *connection, const char *url,
                     const char *method);
/* A piece of the body; a body that is too large is refused. */
void desk_site_keep(desk_visit *visit, desk_text piece);
/* A body that will not be read. */
void desk_site_refuse_body(desk_visit *visit);
/* visit->status and the answer; NULL: out of memory. */
struct MHD_Response *desk_site_answer(desk_visit *visit, const char *url);
void desk_site_end(desk_visit *visit);

/* A text of that type, with the site's headers; the buffer is taken. */
struct MHD_Response *desk_site_text(desk_buffer *text, const char *type);
#endif
