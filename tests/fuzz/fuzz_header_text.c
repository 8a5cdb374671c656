/* A text of header lines, read by every propagator. */
#include "propagation_rounds.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same lines in both carriers, where there is no NUL. */
static void check_lines(otel_str text)
{
    char *copy = malloc(text.size + 1);
    const char *list[64];
    otel_header_lines lines = {list, 0};
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    for (char *at = copy; at && lines.count < 64;) {
        list[lines.count++] = at;
        at = strchr(at, '\n');
        if (at) *at++ = '\0';
    }
    check_all_rounds(&otel_header_lines_getter, &lines, text.size % 500);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const otel_str text = {(const char *)data, size};
    otel_str value;
    check_all_rounds(&otel_header_text_getter, &text, size % 500);
    for (size_t nth = 0; nth < 20 && otel_header_text_getter.keys(&text, nth, &value); nth++)
        if (value.size && (value.data < text.data || value.data + value.size > text.data + size)) abort();
    if (size) check_lines(text);
    return 0;
}
