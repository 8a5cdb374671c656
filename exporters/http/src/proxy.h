/* Which proxy a request goes through: decided when the client is made, as libcurl would decide at each connection. */
#ifndef OTEL__PROXY_H
#define OTEL__PROXY_H
#include <stdbool.h>

/* Copies; the URLs may hold a password. */
typedef struct otel__proxy {
    char *http, *https; /* for requests of that scheme; NULL: none */
    char *not_for;      /* host names and networks, as in no_proxy; NULL: none */
} otel__proxy;

/* `url` and `not_for` are options: NULL means what the environment says now, "" none. false: refused, said. */
bool otel__proxy_open(otel__proxy *proxy, const char *url, const char *not_for, const char *source);
void otel__proxy_close(otel__proxy *proxy);
/* Of a request to that URL; NULL: none. Whether the host is excepted is not asked. */
const char *otel__proxy_for(const otel__proxy *proxy, const char *url);
/* Why it is no proxy's URL, in static words that do not repeat it; NULL: it is one. */
const char *otel__proxy_fault(const char *url);
#endif
