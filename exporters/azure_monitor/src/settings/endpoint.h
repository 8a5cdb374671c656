/* URLs of services that a setting names: which are acceptable, and who can read what is sent there. */
#ifndef OTEL__AZURE_ENDPOINT_H
#define OTEL__AZURE_ENDPOINT_H
#include <otel/base.h>

typedef enum otel__azure_reach {
    OTEL__AZURE_SECURE,   /* https */
    OTEL__AZURE_LOOPBACK, /* http within this machine */
    OTEL__AZURE_NEARBY,   /* http to a private or link-local address */
    OTEL__AZURE_OPEN      /* http to anywhere else */
} otel__azure_reach;

/* NULL: a URL without user information, query and fragment. Otherwise why not, in static words that do not repeat it.
 */
const char *otel__azure_endpoint_fault(const char *url);
/* The URL with the path behind it, never two slashes in a row. NULL: out of memory. */
char *otel__azure_endpoint_join(const char *url, const char *path);
/* Of a URL that is acceptable. */
otel__azure_reach otel__azure_endpoint_reach(const char *url);
#endif
