/* Where a redirect leads, and whether that is to be trusted. */
#include "redirect.h"

#include <otel/exporters/http.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* An acceptable URL, taken apart. */
typedef struct address {
    otel_str scheme, authority, host; /* the host of IPv6 with its brackets */
    otel_str path;                    /* what follows the authority, query included */
    unsigned port;
    bool user;
} address;

static bool same(otel_str a, otel_str b)
{
    return a.size == b.size && strncasecmp(a.data, b.data, a.size) == 0;
}

static bool secure(const address *a)
{
    return a->scheme.size == 5;
}

static unsigned read_port(const address *a)
{
    unsigned port = 0;
    const char *at = a->host.data + a->host.size, *end = a->authority.data + a->authority.size;
    if (at == end) return secure(a) ? 443 : 80;
    for (at++; at < end; at++) port = port * 10 + (unsigned)(*at - '0');
    return port;
}

static address take_apart(const char *url)
{
    address a = {.scheme = {url, (size_t)(strstr(url, "://") - url)}};
    const char *begin = url + a.scheme.size + 3;
    a.authority = (otel_str){begin, strcspn(begin, "/?#")};
    a.path.data = begin + a.authority.size;
    a.path.size = strlen(a.path.data);
    const char *at = memchr(begin, '@', a.authority.size);
    a.user = at != NULL;
    const char *host = at ? at + 1 : begin, *end = begin + a.authority.size;
    const char *port = memchr(host, *host == '[' ? ']' : ':', (size_t)(end - host));
    if (port && *host == '[') port++;
    a.host = (otel_str){host, (size_t)((port ? port : end) - host)};
    a.port = read_port(&a);
    return a;
}

/* ---- trust ---- */

/* Each cloud's own names, one behind the other. */
static const char clouds[][96] = {
    ".monitor.azure.com\0.services.visualstudio.com\0.applicationinsights.azure.com\0",
    ".monitor.azure.us\0.applicationinsights.azure.us\0",
    ".monitor.azure.cn\0.applicationinsights.azure.cn\0",
};

static bool within(otel_str host, const char *suffix)
{
    for (size_t size; (size = strlen(suffix)) != 0; suffix += size + 1)
        if (host.size > size && strncasecmp(host.data + host.size - size, suffix, size) == 0) return true;
    return false;
}

static bool same_cloud(otel_str a, otel_str b)
{
    for (size_t i = 0; i < sizeof clouds / sizeof *clouds; i++)
        if (within(a, clouds[i]) && within(b, clouds[i])) return true;
    return false;
}

/* Names in other scripts are changed before they are looked up: what they end with may be something else then. */
static bool plain(otel_str host)
{
    for (size_t i = 0; i < host.size; i++)
        if ((unsigned char)host.data[i] > '~') return false;
    return true;
}

static bool trusted(const address *from, const address *to, bool is_signed)
{
    if (to->user || !same(from->scheme, to->scheme)) return false;
    if (same(from->host, to->host)) return from->port == to->port || !is_signed;
    return secure(to) && to->port == 443 && plain(to->host) && same_cloud(from->host, to->host);
}

/* ---- where to ---- */

static bool has_scheme(const char *location)
{
    size_t size = strcspn(location, ":/?#");
    return size && location[size] == ':';
}

/* (URIs, "Transform References"; libcurl removes the dots.) How much of `from` stays, and what stands between. The
 * length, as snprintf. */
static int resolve(const char *from, const char *location, char *out, size_t size)
{
    const char *path = take_apart(from).path.data, *between = "";
    const char *end = path + strcspn(path, "?#");
    if (has_scheme(location)) {
        end = from;
    } else if (strncmp(location, "//", 2) == 0) {
        end = strchr(from, ':') + 1;
    } else if (*location == '/') {
        end = path;
    } else if (*location != '?') {
        while (end > path && end[-1] != '/') end--;
        between = end == path ? "/" : "";
    }
    return snprintf(out, size, "%.*s%s%s", (int)(end - from), from, between, location);
}

/* One slash at the beginning of the path, and no fragment. */
static void tidy(char *url)
{
    char *path = url + (take_apart(url).path.data - url);
    size_t slashes = strspn(path, "/");
    if (slashes > 1) memmove(path + 1, path + slashes, strlen(path + slashes) + 1);
    path[strcspn(path, "#")] = '\0';
}

/* "https://other.host": the host alone is what changes. */
static bool keep_path(const char *from, char *url, size_t size)
{
    address old = take_apart(from), new = take_apart(url);
    if (new.path.size && strcmp(new.path.data, "/") != 0) return true;
    size_t at = (size_t)(new.path.data - url);
    if (at + old.path.size >= size) return false;
    memcpy(url + at, old.path.data, old.path.size + 1);
    return true;
}

otel__azure_redirect otel__azure_redirect_to(const char *from, otel_str location, bool is_signed, char *out,
                                             size_t size)
{
    char text[OTEL__AZURE_URL_BYTES];
    *out = '\0';
    if (!location.size || location.size >= sizeof text || memchr(location.data, '\0', location.size))
        return OTEL__AZURE_REDIRECT_NOWHERE;
    memcpy(text, location.data, location.size);
    text[location.size] = '\0';
    int length = resolve(from, text, out, size);
    bool good = length >= 0 && (size_t)length < size && !otel_http_url_fault(out);
    if (good) tidy(out);
    if (!good || !keep_path(from, out, size)) {
        *out = '\0';
        return OTEL__AZURE_REDIRECT_NOWHERE;
    }
    address old = take_apart(from), new = take_apart(out);
    return trusted(&old, &new, is_signed) ? OTEL__AZURE_REDIRECT_TRUSTED : OTEL__AZURE_REDIRECT_FOREIGN;
}
