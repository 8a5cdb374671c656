/* Keeps what was sent in confidence out of messages, also when a server repeats it. */
#ifndef OTEL__OTLP_SECRETS_H
#define OTEL__OTLP_SECRETS_H
#include "settings.h"

/* Overwrites header values (each word of them) and the URL's user information and query in the text with '*'. */
void otel__otlp_hide(char *text, const otel__otlp_settings *settings);
#endif
