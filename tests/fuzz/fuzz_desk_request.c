/* What a browser, or whoever says it is one, sends to the desk: headers that decide whether it is let in, the body of
 * POST /query, and the place in the tail that it goes on from. The first byte chooses which. */
#include "collector_desk/site/ask_body.c"
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"
#include "collector_desk/site/json_value.c"
#include "collector_desk/site/origin.c"
#include "collector_desk/site/tail_rows.c"
#include "collector_desk/site/token.c"

#include <stdlib.h>

static const desk_token known = {.text = "sesame-open", .session = "0123456789abcdef", .cookie = "desk_session_4318"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
    if (!holds) abort();
}

static void try_token(const char *text)
{
    if (desk_token_is_bearer(&known, text)) expect(strstr(text, known.text) != NULL);
    if (desk_token_in_cookie(&known, text)) expect(strstr(text, "desk_session_4318=0123456789abcdef") != NULL);
    expect(desk_token_is(&known, (desk_text){text, strlen(text)}) == (strcmp(text, known.text) == 0));
}

/* Up to a blank the host, behind it the origin. */
static void try_origin(char *text)
{
    size_t size = strcspn(text, " ");
    const char *origin = text[size] ? text + size + 1 : NULL;
    text[size] = '\0';
    desk_host_is_ours(text, "127.0.0.1:4318", "desk");
    if (origin && desk_origin_is_ours(origin, text)) expect(*text && strlen(origin) > strlen(text));
}

static void try_body(const char *type, desk_text body)
{
    otel__json_arena arena;
    otel__json_arena_init(&arena, (size_t)1024 * 1024);
    desk_failure failure = {0};
    desk_text query = {NULL, 0};
    bool good = desk_ask_body(&arena, type, body, &query, &failure);
    expect(good == (failure.status == 0));
    if (good) expect(query.size == 0 || !memchr(query.at, 0, query.size));
    otel__json_arena_release(&arena);
}

static void try_place(const char *text)
{
    desk_place place = {{-1, -1}};
    bool good = desk_tail_read_place(text, &place);
    for (int i = 0; i < DESK_TAIL_TABLES; i++) expect(good ? place.row[i] >= 0 : place.row[i] == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = size ? malloc(size) : NULL;
    if (!text) return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    switch (data[0] % 5) {
    case 0:
        try_token(text);
        break;
    case 1:
        try_origin(text);
        break;
    case 2:
        try_place(text);
        break;
    default:
        try_body(data[0] % 5 == 3 ? "application/json" : "text/plain", (desk_text){text, size - 1});
    }
    free(text);
    return 0;
}
