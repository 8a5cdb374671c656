/* Keeps what was sent in confidence out of messages, also when a server repeats it: overwritten with '*'. */
#ifndef OTEL__SECRETS_H
#define OTEL__SECRETS_H

/* A header's value, and each word of it. */
void otel__hide_value(char *text, const char *value);
/* A URL's user information, as it is and as the header that is made of it, and its query. NULL: nothing. */
void otel__hide_url(char *text, const char *url);
#endif
