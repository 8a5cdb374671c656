/* Where a redirect leads, and whether that is to be trusted: data and token go there. */
#ifndef OTEL__AZURE_REDIRECT_H
#define OTEL__AZURE_REDIRECT_H
#include <otel/base.h>

enum { OTEL__AZURE_URL_BYTES = 4352 }; /* a connection string and a path, or a Location and what it is relative to */

typedef enum otel__azure_redirect {
    OTEL__AZURE_REDIRECT_TRUSTED,
    OTEL__AZURE_REDIRECT_FOREIGN, /* the URL is written all the same, to be named */
    OTEL__AZURE_REDIRECT_NOWHERE  /* no Location, or none that can be followed by anybody */
} otel__azure_redirect;

/* The Location of an answer from `from`, an acceptable URL, as a URL. Trusted is the host that sends it, over the same
 * scheme (on another port only when requests are not signed), and from one host of Azure another of the same cloud,
 * over TLS on the usual port. A Location without a path keeps the path. */
otel__azure_redirect otel__azure_redirect_to(const char *from, otel_str location, bool is_signed, char *out,
                                             size_t size);
#endif
