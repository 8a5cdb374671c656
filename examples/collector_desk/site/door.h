/* Who is let in: the token, the name the desk was called by, and the page that asks. */
#ifndef DESK_DOOR_H
#define DESK_DOOR_H
#include <microhttpd.h>

#include "../options.h"
#include "token.h"

typedef struct desk_door {
    const desk_serve_options *options;
    desk_token token;
} desk_door;

/* Why not: an HTTP status and words; {0}: come in. */
typedef struct desk_refusal {
    unsigned status;
    const char *words;
} desk_refusal;

/* Every request but /healthz: with a token, only who has it. Senders of Azure's exporters cannot be taught to send one,
 * so their paths are open to this machine itself. */
desk_refusal desk_door_token(const desk_door *door, struct MHD_Connection *connection, const char *url);
/* What a browser asks for: only by our names. script: what our page's scripts ask for, refused to other sites' pages.
 */
desk_refusal desk_door_browser(const desk_door *door, struct MHD_Connection *connection, bool script);
/* Who sends records. A program says nothing of itself; what a browser sends must come from our page. */
desk_refusal desk_door_sender(const desk_door *door, struct MHD_Connection *connection);
/* True for a link on another site's page, which browsers follow without our cookie: asked again, they send it. */
bool desk_door_is_link(struct MHD_Connection *connection);
/* True for a request that shows the token as ?token=. */
bool desk_door_is_shown_token(const desk_door *door, struct MHD_Connection *connection);
#endif
