/* Reads, keeps and compares the token. */
#include "token.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

static bool complain(const char *where, const char *words)
{
    fprintf(stderr, "collector_desk: the token of %s: %s\n", where, words);
    return false;
}

/* What a header can carry: printable ASCII without blanks. */
static bool is_token_text(const char *text)
{
    for (; *text; text++) {
        if (*text <= 0x20 || *text > 0x7e) return false;
    }
    return true;
}

static bool keep(desk_token *token, const char *text, const char *where)
{
    size_t size = strlen(text);
    if (size < DESK_MIN_TOKEN_BYTES || size > DESK_MAX_TOKEN_BYTES)
        return complain(where, "fewer than 8 or more than 512 characters");
    if (!is_token_text(text)) return complain(where, "blanks, or characters that no header may carry");
    memcpy(token->text, text, size + 1);
    return true;
}

static bool make_session(desk_token *token)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[32];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) return complain("this start", "no random bytes");
    for (size_t i = 0; i < sizeof bytes; i++) {
        token->session[2 * i] = hex[bytes[i] >> 4];
        token->session[2 * i + 1] = hex[bytes[i] & 15];
    }
    return true;
}

static bool read_file(desk_token *token, const char *path)
{
    char line[DESK_MAX_TOKEN_BYTES + 3] = "";
    FILE *file = fopen(path, "re");
    if (!file) return complain(path, strerror(errno));
    bool got = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    if (!got) return complain(path, "the file is empty or cannot be read");
    line[strcspn(line, "\r\n")] = '\0';
    return keep(token, line, path);
}

bool desk_token_read(desk_token *token, const char *file)
{
    const char *variable = getenv("DESK_TOKEN");
    *token = (desk_token){.cookie = "desk_session"};
    bool good = true;
    if (file)
        good = read_file(token, file);
    else if (variable && *variable)
        good = keep(token, variable, "DESK_TOKEN");
    return good && make_session(token);
}

void desk_token_name_cookie(desk_token *token, const char *url)
{
    const char *port = strrchr(url, ':');
    snprintf(token->cookie, sizeof token->cookie, "desk_session_%.5s", port ? port + 1 : "");
}

static bool same(const char *secret, desk_text given)
{
    size_t size = strlen(secret);
    volatile unsigned char different = size != given.size;
    for (size_t i = 0; i < given.size; i++)
        different |= (unsigned char)((unsigned char)given.at[i] ^ (unsigned char)secret[size ? i % size : 0]);
    return size > 0 && !different;
}

bool desk_token_is(const desk_token *token, desk_text given)
{
    return same(token->text, given);
}

bool desk_token_is_bearer(const desk_token *token, const char *authorization)
{
    desk_text header = {authorization, strlen(authorization)}, scheme = DESK_TEXT("Bearer ");
    if (header.size < scheme.size || strncasecmp(header.at, scheme.at, scheme.size) != 0) return false;
    const char *at = header.at + scheme.size, *end = header.at + header.size;
    while (at < end && *at == ' ') at++;
    while (end > at && end[-1] == ' ') end--;
    return same(token->text, (desk_text){at, (size_t)(end - at)});
}

/* a=b; desk_session_4318=...; the same name may come twice, for several paths: any of them counts. */
bool desk_token_in_cookie(const desk_token *token, const char *header)
{
    size_t name_size = strlen(token->cookie);
    bool found = false;
    for (const char *at = header; *at;) {
        at += strspn(at, " \t;");
        size_t size = strcspn(at, ";");
        if (size > name_size && at[name_size] == '=' && memcmp(at, token->cookie, name_size) == 0)
            found |= same(token->session, (desk_text){at + name_size + 1, size - name_size - 1});
        at += size;
    }
    return found;
}

void desk_token_write_cookie(const desk_token *token, char *out, size_t room)
{
    snprintf(out, room, "%s=%s; Path=/; HttpOnly; SameSite=Strict", token->cookie, token->session);
}
