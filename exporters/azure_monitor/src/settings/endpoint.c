/* URLs of services that a setting names. */
#include "endpoint.h"

#include <arpa/inet.h>
#include <otel/exporters/http.h>
#include <otel/sdk/allocator.h>
#include <string.h>
#include <strings.h>

const char *otel__azure_endpoint_fault(const char *url)
{
    const char *fault = otel_http_url_fault(url);
    if (fault) return fault;
    for (const char *at = url; *at; at++) /* names in other scripts: only some libcurls can look them up */
        if ((unsigned char)*at > '~') return "it has a character that is not ASCII";
    if (strchr(url, '@')) return "it has user information";
    return strpbrk(url, "?#") ? "it has a query or a fragment" : NULL;
}

static const char *behind_scheme(const char *url)
{
    return strstr(url, "://") + 3;
}

char *otel__azure_endpoint_join(const char *url, const char *path)
{
    const char *rest = behind_scheme(url), *const pieces[] = {rest, "/", path};
    size_t n = (size_t)(rest - url);
    char *made = otel_allocate(strlen(url) + strlen(path) + 2);
    if (!made) return NULL;
    memcpy(made, url, n);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        for (const char *at = pieces[i]; *at; at++)
            if (*at != '/' || made[n - 1] != '/') made[n++] = *at;
    return made;
}

/* The host without its port and brackets; what is too long is no address. */
static void host_of(const char *url, char *out, size_t size)
{
    const char *host = behind_scheme(url);
    bool brackets = *host == '[';
    size_t length = strcspn(host += brackets, brackets ? "]" : ":/");
    if (length >= size) length = 0;
    memcpy(out, host, length);
    out[length] = '\0';
}

static otel__azure_reach reach_of_ipv4(uint32_t address)
{
    uint32_t first = address >> 24, two = address >> 16;
    if (first == 127) return OTEL__AZURE_LOOPBACK;
    bool private = first == 10 || two == 0xc0a8 || (two & 0xfff0) == 0xac10; /* 192.168.0.0/16, 172.16.0.0/12 */
    return private || two == 0xa9fe ? OTEL__AZURE_NEARBY : OTEL__AZURE_OPEN;
}

static otel__azure_reach reach_of_ipv6(const struct in6_addr *address)
{
    const unsigned char *b = address->s6_addr;
    if (IN6_IS_ADDR_LOOPBACK(address)) return OTEL__AZURE_LOOPBACK;
    bool private = (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80); /* fc00::/7, fe80::/10 */
    return private ? OTEL__AZURE_NEARBY : OTEL__AZURE_OPEN;
}

static bool is_localhost(const char *host)
{
    static const char name[] = ".localhost";
    size_t size = strlen(host), least = sizeof name - 1;
    return strcasecmp(host, name + 1) == 0 || (size > least && strcasecmp(host + size - least, name) == 0);
}

otel__azure_reach otel__azure_endpoint_reach(const char *url)
{
    char host[256];
    struct in_addr ipv4;
    struct in6_addr ipv6;
    if (strncasecmp(url, "https:", 6) == 0) return OTEL__AZURE_SECURE;
    host_of(url, host, sizeof host);
    if (is_localhost(host)) return OTEL__AZURE_LOOPBACK;
    if (inet_pton(AF_INET, host, &ipv4) == 1) return reach_of_ipv4(ntohl(ipv4.s_addr));
    return inet_pton(AF_INET6, host, &ipv6) == 1 ? reach_of_ipv6(&ipv6) : OTEL__AZURE_OPEN;
}
