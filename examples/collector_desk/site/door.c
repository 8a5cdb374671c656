/* Reads the headers that say who is asking. */
#include "door.h"

#include <netinet/in.h>
#include <string.h>

#include "origin.h"

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

static bool is_this_machine(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    if (!address) return false;
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof four);
        return ntohl(four.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 six;
    if (address->sa_family != AF_INET6) return false;
    memcpy(&six, address, sizeof six);
    const uint8_t *bytes = six.sin6_addr.s6_addr;
    return IN6_IS_ADDR_LOOPBACK(&six.sin6_addr) || (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr) && bytes[12] == 127);
}

bool desk_door_is_shown_token(const desk_door *door, struct MHD_Connection *connection)
{
    const char *shown = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "token");
    return shown && desk_token_is(&door->token, (desk_text){shown, strlen(shown)});
}

static bool has_token(const desk_door *door, struct MHD_Connection *connection)
{
    return desk_token_is_bearer(&door->token, header_of(connection, MHD_HTTP_HEADER_AUTHORIZATION)) ||
           desk_token_in_cookie(&door->token, header_of(connection, MHD_HTTP_HEADER_COOKIE)) ||
           desk_door_is_shown_token(door, connection);
}

static bool is_track(const char *url)
{
    return strcmp(url, "/v2.1/track") == 0 || strcmp(url, "/v2/track") == 0;
}

desk_refusal desk_door_token(const desk_door *door, struct MHD_Connection *connection, const char *url)
{
    static const desk_refusal refused = {401, "401 this desk has a token: send it as Authorization: Bearer, or open "
                                              "the page once with ?token= and it\n"};
    if (!*door->token.text || strcmp(url, "/healthz") == 0 || has_token(door, connection)) return (desk_refusal){0};
    if (is_track(url) && is_this_machine(connection)) return (desk_refusal){0};
    return refused;
}

/* Browsers say in Sec-Fetch-Site whose page asks, also where they send no Origin. */
static bool is_foreign_page(struct MHD_Connection *connection, const char *host)
{
    const char *origin = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN);
    const char *site = header_of(connection, "Sec-Fetch-Site");
    if (*site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) return true;
    return !desk_origin_is_ours(origin, host);
}

static bool is_browser(struct MHD_Connection *connection)
{
    return *header_of(connection, MHD_HTTP_HEADER_ORIGIN) || *header_of(connection, "Sec-Fetch-Site");
}

desk_refusal desk_door_browser(const desk_door *door, struct MHD_Connection *connection, bool script)
{
    const char *host = header_of(connection, MHD_HTTP_HEADER_HOST);
    if (!desk_host_is_ours(host, door->options->listen, door->options->host))
        return (desk_refusal){403, "403 the desk is not called by that name: localhost, an address, or what --host "
                                   "says\n"};
    if (script && is_foreign_page(connection, host))
        return (desk_refusal){403, "403 only the desk's own page may ask\n"};
    return (desk_refusal){0};
}

desk_refusal desk_door_sender(const desk_door *door, struct MHD_Connection *connection)
{
    return is_browser(connection) ? desk_door_browser(door, connection, true) : (desk_refusal){0};
}

bool desk_door_is_link(struct MHD_Connection *connection)
{
    const char *site = header_of(connection, "Sec-Fetch-Site");
    bool elsewhere = strcmp(site, "cross-site") == 0 || strcmp(site, "same-site") == 0;
    return elsewhere && strcmp(header_of(connection, "Sec-Fetch-Mode"), "navigate") == 0;
}
