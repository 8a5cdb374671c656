/* An environment of strangers: names, what is read of it, and what a child would be given. */
#include "propagation_rounds.h"
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool normal(const char *name, size_t size)
{
    if (!size || (name[0] >= '0' && name[0] <= '9')) return false;
    for (size_t i = 0; i < size; i++)
        if (!((name[i] >= 'A' && name[i] <= 'Z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '_')) return false;
    return true;
}

static void check_name(otel_str field)
{
    size_t size = otel_env_name(field, NULL, 0);
    char *name = malloc(size + 1);
    if (otel_env_name(field, name, size + 1) != size || strlen(name) != size || !normal(name, size)) abort();
    otel_env_name(field, name, size / 2 + 1);
    if (strlen(name) != size / 2) abort();
    free(name);
}

/* Every entry of the result is one of the base or of the block. */
static void check_merge(char *const *base, size_t count)
{
    char buffer[600], *out[ENTRIES_MAX + 8];
    otel_text_carrier block = {buffer, sizeof buffer, 0, false};
    otel_context context = {.span_context = {.trace_id = {1}, .span_id = {2}, .trace_state = {"a=1", 3}}};
    otel_inject(&context, &otel_env_setter, &block);
    size_t n = otel_env_merge(&block, base, out, ENTRIES_MAX + 8);
    if (n < 3 || n > count + 4 || out[n - 1]) abort();
    for (size_t i = 0; i + 1 < n; i++)
        if (strncmp(out[i], "TRACEPARENT=", 12) == 0 && out[i] != buffer) abort();
    if (otel_env_merge(&block, base, out, n / 2) != n || out[n / 2 - 1]) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1), *list[ENTRIES_MAX + 1];
    size_t count = 0;
    memcpy(copy, size ? data : (const uint8_t *)"", size);
    copy[size] = '\0';
    for (size_t at = 0; count < ENTRIES_MAX && at < size; at += strlen(copy + at) + 1) list[count++] = copy + at;
    list[count] = NULL;
    check_name((otel_str){(const char *)data, size});
    check_all_rounds(&otel_env_getter, list, size % 300);
    otel_propagators_set_names("tracecontext", NULL);
    check_merge(list, count);
    free(copy);
    return 0;
}
