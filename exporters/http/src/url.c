/* URLs: which are acceptable, and what may be said about one. */
#include "text.h"

#include <otel/exporters/http.h>
#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 8192 };

typedef struct url {
    otel_str scheme;
    otel_str host; /* with the port */
    otel_str rest; /* path, query, fragment */
    const char *fault;
} url;

static const char *port_fault(const char *at, size_t size)
{
    uint32_t port = 0;
    for (size_t i = 0; i < size; i++) {
        if (!otel__digit(at[i])) return "its port is not a number";
        port = port * 10 + (uint32_t)(at[i] - '0');
        if (port > 65535) return "its port is above 65535";
    }
    return size && port ? NULL : "its port is missing or 0";
}

static bool address_character(char c)
{
    char l = otel__lower(c);
    return otel__digit(c) || (l >= 'a' && l <= 'z') || c == ':' || c == '.' || c == '%' || c == '-' || c == '_';
}

static const char *bracketed_fault(otel_str host)
{
    size_t i = 1;
    while (i < host.size && address_character(host.data[i])) i++;
    if (i == 1 || i == host.size || host.data[i] != ']') return "its IPv6 address is not closed";
    if (++i == host.size) return NULL;
    return host.data[i] == ':' ? port_fault(host.data + i + 1, host.size - i - 1)
                               : "something follows its IPv6 address";
}

static const char *host_fault(otel_str host)
{
    if (host.size == 0) return "it names no host";
    if (host.data[0] == '[') return bracketed_fault(host);
    const char *colon = memchr(host.data, ':', host.size);
    size_t name = colon ? (size_t)(colon - host.data) : host.size;
    if (name == 0) return "it names no host";
    for (size_t i = 0; i < name; i++)
        if (strchr("[]<>\"'`{}|^!$&()*,;=+%", host.data[i])) return "its host has a character that hosts do not have";
    return colon ? port_fault(colon + 1, host.size - name - 1) : NULL;
}

static const char *character_fault(const char *text)
{
    size_t i = 0;
    for (; text[i] && i < MOST_BYTES; i++)
        if (otel__control(text[i]) || text[i] == ' ' || text[i] == '\\')
            return "it has a space, a backslash or a control character";
    return text[i] ? "it is longer than 8191 bytes" : NULL;
}

static url parse(const char *text)
{
    url parts = {.fault = text ? character_fault(text) : "it is missing"};
    if (parts.fault) return parts;
    const char *mark = strstr(text, "://");
    size_t scheme = mark ? (size_t)(mark - text) : 0;
    if (!otel__same_word(text, scheme, "http") && !otel__same_word(text, scheme, "https")) {
        parts.fault = "it does not begin with http:// or https://";
        return parts;
    }
    parts.scheme = (otel_str){text, scheme};
    const char *begin = mark + 3;
    size_t size = strcspn(begin, "/?#");
    parts.rest = (otel_str){begin + size, strlen(begin + size)};
    const char *at = memchr(begin, '@', size);
    if (at) size -= (size_t)(at + 1 - begin);
    parts.host = (otel_str){at ? at + 1 : begin, size};
    /* Readers disagree which of several '@' ends the user information: the password could become a host name. */
    bool twice = memchr(parts.host.data, '@', size) != NULL;
    parts.fault = twice ? "it has more than one '@': write those of a password as %40" : host_fault(parts.host);
    return parts;
}

const char *otel_http_url_fault(const char *text)
{
    return parse(text).fault;
}

size_t otel_http_url_text(const char *text, char *out, size_t size)
{
    char shown[512];
    url parts = parse(text);
    if (parts.fault)
        snprintf(shown, sizeof shown, "(not a URL)");
    else if (memchr(parts.rest.data, '@', parts.rest.size)) /* "http://user:12/secret@host" */
        snprintf(shown, sizeof shown, "%.*s://(hidden)", (int)parts.scheme.size, parts.scheme.data);
    else
        snprintf(shown, sizeof shown, "%.*s://%.*s", (int)parts.scheme.size, parts.scheme.data, (int)parts.host.size,
                 parts.host.data);
    return otel_http_clean_text(shown, strlen(shown), out, size);
}
