/* The optional secret that opens the desk. A browser shows it once and is known by a session of its own from then on,
 * so that no cookie holds the secret; a restart ends all sessions. */
#ifndef DESK_TOKEN_H
#define DESK_TOKEN_H
#include "../desk.h"

enum { DESK_MIN_TOKEN_BYTES = 8, DESK_MAX_TOKEN_BYTES = 512 };

typedef struct desk_token {
    char text[DESK_MAX_TOKEN_BYTES + 1]; /* "": none, everybody comes in */
    char session[65];                    /* what the cookie holds */
    char cookie[32];                     /* its name */
} desk_token;

/* From the first line of `file`, else from the variable DESK_TOKEN, else none. False: said on stderr what is wrong,
 * never what the token is. */
bool desk_token_read(desk_token *token, const char *file);
/* Cookies do not know ports, so the name has it: two desks of one machine do not end each other's sessions. */
void desk_token_name_cookie(desk_token *token, const char *url);

/* Takes as long for a wrong text as for the right one. */
bool desk_token_is(const desk_token *token, desk_text given);
/* The header Authorization: `Bearer <token>`. */
bool desk_token_is_bearer(const desk_token *token, const char *authorization);
/* The header Cookie: is our session among its pairs? */
bool desk_token_in_cookie(const desk_token *token, const char *header);
/* A header Set-Cookie for this session. */
void desk_token_write_cookie(const desk_token *token, char *out, size_t room);
#endif
