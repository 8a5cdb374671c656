/* What token endpoints answer: tokens that headers may have, times that make sense, reasons that can be shown. */
#include "azure_monitor/src/credentials/arc_key.h"
#include "azure_monitor/src/credentials/credential_choice.h"
#include "azure_monitor/src/credentials/token_reply.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *const otel__azure_arc_directory = "/nowhere/tokens";

static void check_text(const char *text, size_t size)
{
    if (strlen(text) >= size) abort();
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) abort();
}

static void check_token(otel_str body)
{
    char room[64];
    memset(room, 'x', sizeof room);
    otel_azure_token_call call = {.size = sizeof call, .token_size = sizeof room, .token = room};
    if (!otel__azure_reply_token(body, &call)) {
        if (call.expires_unix_s || room[0] != 'x') abort();
        return;
    }
    size_t size = strnlen(room, sizeof room);
    if (!size || size == sizeof room) abort();
    for (size_t i = 0; i < size; i++)
        if (room[i] <= ' ' || room[i] >= 0x7f) abort();
    if (call.expires_unix_s < 0 || call.expires_unix_s > 253402300799) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char words[48], id[40];
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    otel_str exact = {malloc(size ? size : 1), size}; /* no NUL behind it */
    memcpy((char *)(size_t)exact.data, data, size);
    check_token(exact);
    otel__azure_reply_error(exact, words, sizeof words);
    check_text(words, sizeof words);
    if (!otel__azure_arc_answer(exact, words, sizeof words)) abort(); /* there is no such file */
    if (otel__azure_reply_date(text) < 0) abort();
    if (!otel__azure_authentication_read(text, id, sizeof id) && *id && !strstr(text, id)) abort();
    free((char *)(size_t)exact.data);
    free(text);
    return 0;
}
