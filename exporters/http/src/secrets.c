/* Keeps what was sent in confidence out of messages: a server may repeat a header or the URL in its answer. */
#include "secrets.h"

#include "text.h"

#include <string.h>

enum { SHORTEST = 4, MOST_BYTES = 512 }; /* "1" and "no" are everywhere and no secrets */

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

static int digit(char c)
{
    c = otel__lower(c);
    return otel__digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoded; what is too long is cut. */
static size_t decode(const char *from, size_t size, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < size && n < MOST_BYTES; i++) {
        bool coded = from[i] == '%' && i + 2 < size && digit(from[i + 1]) >= 0 && digit(from[i + 2]) >= 0;
        out[n++] = coded ? (char)(digit(from[i + 1]) << 4 | digit(from[i + 2])) : from[i];
        if (coded) i += 2;
    }
    return n;
}

/* Without the padding. */
static size_t base64(const char *from, size_t size, char *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = 0;
    uint32_t bits = 0, held = 0;
    for (size_t i = 0; i < size; i++) {
        bits = bits << 8 | (unsigned char)from[i];
        for (held += 8; held >= 6; held -= 6) out[n++] = letters[bits >> (held - 6) & 63];
    }
    if (held) out[n++] = letters[bits << (6 - held) & 63];
    return n;
}

static void hide_user(char *text, const char *user, size_t size)
{
    char plain[MOST_BYTES], coded[MOST_BYTES / 3 * 4 + 4];
    hide_parts(text, user, size, ":");
    size_t length = decode(user, size, plain);
    hide_parts(text, plain, length, ":");
    hide(text, coded, base64(plain, length, coded)); /* "Authorization: Basic ..." */
    explicit_bzero(plain, sizeof plain);
    explicit_bzero(coded, sizeof coded);
}

void otel__hide_value(char *text, const char *value)
{
    hide_parts(text, value, strlen(value), " ;,");
}

void otel__hide_url(char *text, const char *url)
{
    if (!url) return;
    const char *mark = strstr(url, "://");
    const char *begin = mark ? mark + 3 : url;
    size_t authority = strcspn(begin, "/?#");
    const char *at = memchr(begin, '@', authority);
    if (at) hide_user(text, begin, (size_t)(at - begin));
    const char *query = strchr(begin, '?');
    if (query) hide_parts(text, query + 1, strlen(query + 1), "&=");
}
