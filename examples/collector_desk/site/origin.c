/* Compares the names in Host and Origin. */
#include "origin.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* "[::1]:4318" into "::1", "localhost:4318" into "localhost"; {NULL, 0}: neither. */
static desk_text host_name(const char *text)
{
    const desk_text none = {NULL, 0};
    if (*text == '[') {
        const char *end = strchr(text, ']');
        return end && (end[1] == '\0' || end[1] == ':') ? (desk_text){text + 1, (size_t)(end - text) - 1} : none;
    }
    size_t size = strcspn(text, ":");
    bool good = size > 0 && (!text[size] || text[size + 1 + strspn(text + size + 1, "0123456789")] == '\0');
    return good ? (desk_text){text, size} : none;
}

static bool same_name(desk_text a, desk_text b)
{
    return a.size > 0 && a.size == b.size && strncasecmp(a.at, b.at, a.size) == 0;
}

static bool is_address(desk_text name)
{
    char text[64];
    struct in6_addr address;
    if (!name.at || name.size >= sizeof text) return false;
    memcpy(text, name.at, name.size);
    text[name.size] = '\0';
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1;
}

bool desk_host_is_ours(const char *host, const char *listen, const char *also)
{
    desk_text name = host_name(host);
    return is_address(name) || same_name(name, DESK_TEXT("localhost")) || same_name(name, host_name(listen)) ||
           (also && same_name(name, host_name(also)));
}

bool desk_origin_is_ours(const char *origin, const char *host)
{
    if (!origin) return true;
    size_t scheme = strncasecmp(origin, "http://", 7) == 0 ? 7 : strncasecmp(origin, "https://", 8) == 0 ? 8 : 0;
    return scheme && *host && strcasecmp(origin + scheme, host) == 0;
}
