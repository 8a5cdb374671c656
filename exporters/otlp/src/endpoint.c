/* URLs as the endpoint variables spell them (OTLP Exporter, "Endpoint URLs for OTLP/HTTP"). */
#include "endpoint.h"

#include <otel/sdk/allocator.h>
#include <stdbool.h>
#include <string.h>

static char *join(const char *text, size_t size, const char *path, const char *query, size_t query_size)
{
    size_t path_size = strlen(path);
    char *url = otel_allocate(size + path_size + query_size + 1);
    if (!url) return NULL;
    memcpy(url, text, size);
    memcpy(url + size, path, path_size);
    memcpy(url + size + path_size, query, query_size);
    return url;
}

/* Where the path begins: behind scheme and authority. */
static size_t path_of(const char *url)
{
    const char *mark = strstr(url, "://");
    const char *host = mark ? mark + 3 : url;
    return (size_t)(host - url) + strcspn(host, "/?#");
}

/* A query stays behind the path; a fragment is never sent. */
char *otel__otlp_url_of_base(const char *base)
{
    size_t path = path_of(base);
    size_t end = path + strcspn(base + path, "?#");
    const char *query = base + end;
    bool slash = end > path && base[end - 1] == '/';
    return join(base, end, slash ? "v1/logs" : "/v1/logs", query, strcspn(query, "#"));
}

char *otel__otlp_url_of_logs(const char *url)
{
    size_t path = path_of(url);
    const char *rest = url + path;
    return join(url, path, *rest == '/' ? "" : "/", rest, strcspn(rest, "#"));
}
