/* The window is written into the query, where its author would have put it. */
#include "alert_window.h"

#include <string.h>

static const char *behind_string(const char *at)
{
    for (char quote = *at++; *at && *at != quote; at++) {
        if (*at == '\\' && at[1]) at++;
    }
    return *at ? at + 1 : at;
}

/* In a verbatim string, @'...', a backslash is one. */
static const char *behind_verbatim(const char *at)
{
    const char *end = strchr(at + 2, at[1]);
    return end ? end + 1 : at + strlen(at);
}

static const char *behind_fence(const char *at)
{
    const char *end = strstr(at + 3, "```");
    return end ? end + 3 : at + strlen(at);
}

/* Over a string or a comment, else over one character. */
static const char *behind(const char *at)
{
    if (*at == '@' && (at[1] == '\'' || at[1] == '"')) return behind_verbatim(at);
    if (*at == '\'' || *at == '"') return behind_string(at);
    if (strncmp(at, "```", 3) == 0) return behind_fence(at);
    if (at[0] == '/' && at[1] == '/') return at + strcspn(at, "\n");
    return at + 1;
}

/* Whether the character at `at` stands in no parentheses, of which `depth` are open before it. */
static bool is_outside(const char *at, int *depth)
{
    *depth += (*at == '(') - (*at == ')');
    return *depth <= 0;
}

/* More than blanks and comments. */
static bool has_text(const char *at)
{
    for (at += strspn(at, " \t\r\n"); at[0] == '/' && at[1] == '/'; at += strspn(at, " \t\r\n")) at = behind(at);
    return *at;
}

/* Where the query begins: behind the let statements. */
static const char *last_statement(const char *at)
{
    const char *begin = at;
    for (int depth = 0; *at; at = behind(at)) {
        if (is_outside(at, &depth) && *at == ';' && has_text(at + 1)) begin = at + 1;
    }
    return begin;
}

/* Where the first operator begins: the first | that stands in no string, comment or parentheses; else the end. */
static const char *first_pipe(const char *at)
{
    int depth = 0;
    while (*at && !(is_outside(at, &depth) && (*at == '|' || *at == ';'))) at = behind(at);
    return at;
}

static void put_duration(desk_buffer *buffer, uint64_t ms)
{
    bool seconds = ms % 1000 == 0;
    desk_put_int(buffer, (int64_t)(seconds ? ms / 1000 : ms));
    desk_put(buffer, seconds ? DESK_TEXT("s") : DESK_TEXT("ms"));
}

void desk_alert_put_query(desk_buffer *buffer, const char *query, uint64_t window_ms)
{
    const char *rest = window_ms ? first_pipe(last_statement(query)) : query + strlen(query);
    desk_put(buffer, (desk_text){query, (size_t)(rest - query)});
    if (!window_ms) return;
    desk_put(buffer, DESK_TEXT("\n| where timestamp > ago("));
    put_duration(buffer, window_ms);
    desk_put(buffer, DESK_TEXT(")\n"));
    desk_put(buffer, (desk_text){rest, strlen(rest)});
}
