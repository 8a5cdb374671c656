/* Where requests go. */
#include "route.h"

#include <string.h>

/* Requests to one call in a row of redirects; fewer when the last row of them went round in a circle. */
enum { MOST_REQUESTS = 10, REQUESTS_AFTER_LOOP = 3, MOST_AGE_S = 86400 };

const char *otel__azure_route_url(otel__azure_route *route, int64_t now_ns)
{
    if (route->elsewhere[0]) return route->elsewhere;
    if (route->moved[0] && now_ns >= route->moved_until_ns) route->moved[0] = '\0';
    return route->moved[0] ? route->moved : route->endpoint;
}

static void keep(char *out, const char *url)
{
    size_t size = strnlen(url, OTEL__AZURE_URL_BYTES - 1);
    memcpy(out, url, size);
    out[size] = '\0';
}

void otel__azure_route_follow(otel__azure_route *route, const char *url, uint32_t status, uint32_t max_age_s,
                              int64_t now_ns)
{
    const int64_t second = 1000000000;
    route->followed++;
    if (status != 308 && !max_age_s) {
        keep(route->elsewhere, url);
        return;
    }
    if (max_age_s > MOST_AGE_S) max_age_s = MOST_AGE_S;
    keep(route->moved, url);
    route->moved_until_ns = status == 308 ? INT64_MAX : now_ns + max_age_s * second;
    route->elsewhere[0] = '\0';
}

bool otel__azure_route_loops(const otel__azure_route *route)
{
    return route->followed + 1 >= (route->looped ? REQUESTS_AFTER_LOOP : MOST_REQUESTS);
}

void otel__azure_route_failed(otel__azure_route *route)
{
    route->looped = otel__azure_route_loops(route) || route->looped;
    route->moved[0] = route->elsewhere[0] = '\0';
    route->followed = 0;
}

void otel__azure_route_begin(otel__azure_route *route, bool new_batch)
{
    if (new_batch) route->elsewhere[0] = '\0';
    route->followed = 0;
}
