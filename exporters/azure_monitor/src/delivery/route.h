/* Where requests go: to the endpoint of the connection string, or where it sent us, for as long as that holds. */
#ifndef OTEL__AZURE_ROUTE_H
#define OTEL__AZURE_ROUTE_H
#include "redirect.h"

typedef struct otel__azure_route {
    const char *endpoint;                  /* the connection string's; borrowed */
    char moved[OTEL__AZURE_URL_BYTES];     /* where it sent us for longer; "" */
    int64_t moved_until_ns;                /* monotonic; INT64_MAX: for the life of the process */
    char elsewhere[OTEL__AZURE_URL_BYTES]; /* where this batch was sent; "" */
    uint32_t followed;                     /* redirects in a row */
    bool looped;                           /* the last row of them led nowhere */
} otel__azure_route;

const char *otel__azure_route_url(otel__azure_route *route, int64_t now_ns);
/* That is not the endpoint. */
static inline bool otel__azure_route_elsewhere(const otel__azure_route *route)
{
    return route->elsewhere[0] || route->moved[0];
}
/* A redirect is followed: 308 holds, another one for this batch, or for max_age_s. The URL is copied. */
void otel__azure_route_follow(otel__azure_route *route, const char *url, uint32_t status, uint32_t max_age_s,
                              int64_t now_ns);
/* So many in a row are enough. */
bool otel__azure_route_loops(const otel__azure_route *route);
/* Something was taken there. */
static inline void otel__azure_route_passed(otel__azure_route *route)
{
    route->followed = 0;
    route->looped = false;
}
/* It goes wrong there: back to the endpoint. */
void otel__azure_route_failed(otel__azure_route *route);
/* A new call, a new batch. */
void otel__azure_route_begin(otel__azure_route *route, bool new_batch);
#endif
