/* Keeps what was sent in confidence out of messages: a server may repeat a header or the URL in its answer. */
#include "secrets.h"

#include <string.h>

enum { SHORTEST = 4 }; /* "1" and "no" are everywhere and no secrets */

static void hide(char *text, const char *secret, size_t size)
{
    size_t length = strlen(text);
    if (size < SHORTEST) return;
    for (char *at = text; (at = memmem(at, length - (size_t)(at - text), secret, size)) != NULL; at += size)
        memset(at, '*', size);
    /* The message may have been cut in the middle of it. */
    for (size_t cut = size < length ? size - 1 : length; cut >= SHORTEST; cut--) {
        if (memcmp(text + length - cut, secret, cut) != 0) continue;
        memset(text + length - cut, '*', cut);
        return;
    }
}

/* Each part between separators: "Bearer token" is also repeated without the "Bearer". */
static void hide_parts(char *text, const char *secret, size_t size, const char *separators)
{
    hide(text, secret, size);
    for (size_t i = 0; i < size;) {
        size_t part = 0;
        while (i + part < size && !strchr(separators, secret[i + part])) part++;
        hide(text, secret + i, part);
        i += part + 1;
    }
}

void otel__otlp_hide(char *text, const otel__otlp_settings *settings)
{
    const otel__otlp_headers *headers = &settings->headers;
    for (size_t i = 0; i < headers->count; i++)
        hide_parts(text, headers->list[i].value, strlen(headers->list[i].value), " ;,");
    const char *mark = strstr(settings->url, "://");
    const char *begin = mark ? mark + 3 : settings->url;
    size_t authority = strcspn(begin, "/?#");
    const char *at = memchr(begin, '@', authority);
    if (at) hide_parts(text, begin, (size_t)(at - begin), ":");
    const char *query = strchr(begin, '?');
    if (query) hide_parts(text, query + 1, strlen(query + 1), "&=");
}
