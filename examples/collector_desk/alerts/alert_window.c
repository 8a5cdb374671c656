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

/* Where the first operator begins: the first | that stands in no string, comment or parentheses; else the end. */
static const char *first_pipe(const char *at)
{
    int depth = 0;
    while (*at && (*at != '|' || depth > 0)) {
        if (*at == '@' && (at[1] == '\'' || at[1] == '"')) {
            at = behind_verbatim(at);
        } else if (*at == '\'' || *at == '"') {
            at = behind_string(at);
        } else if (at[0] == '/' && at[1] == '/') {
            at += strcspn(at, "\n");
        } else {
            depth += (*at == '(') - (*at == ')');
            at++;
        }
    }
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
    const char *rest = window_ms ? first_pipe(query) : query + strlen(query);
    desk_put(buffer, (desk_text){query, (size_t)(rest - query)});
    if (!window_ms) return;
    desk_put(buffer, DESK_TEXT("\n| where timestamp > ago("));
    put_duration(buffer, window_ms);
    desk_put(buffer, DESK_TEXT(")\n"));
    desk_put(buffer, (desk_text){rest, strlen(rest)});
}
