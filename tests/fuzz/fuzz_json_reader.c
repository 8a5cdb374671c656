/* The JSON reader on any bytes: never beyond the end, never beyond its memory, and what it accepts is well formed. */
#include <stdlib.h>
#include <string.h>

#include "json_reader/json_reader.h"

static void must(bool holds)
{
    if (!holds) abort();
}

static void must_be_utf8(const char *text, size_t size)
{
    const char *end = text + size;
    while (text < end) {
        size_t step = otel__json_utf8_size(text, end);
        must(step > 0);
        text += step;
    }
}

static void check(const otel__json *value, unsigned depth)
{
    must(depth <= OTEL__JSON_MAX_DEPTH);
    if (value->type == OTEL__JSON_STRING) must_be_utf8(value->text, value->size);
    if (value->type == OTEL__JSON_NUMBER) {
        double number;
        int64_t integer;
        must(strlen(value->text) == value->size && otel__json_double(value, &number));
        if (otel__json_int64(value, &integer)) must(!strchr(value->text, '.') && number == (double)integer);
    }
    uint32_t count = 0;
    for (const otel__json *child = value->first; child; child = child->next, count++) {
        must((child->key != NULL) == (value->type == OTEL__JSON_OBJECT));
        if (child->key) must_be_utf8(child->key, child->key_size);
        check(child, depth + 1);
    }
    if (value->type >= OTEL__JSON_ARRAY) must(count == value->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel__json_arena arena;
    otel__json_arena_init(&arena, 1 << 20);
    otel__json_error error;
    const otel__json *value = otel__json_read(&arena, (const char *)data, size, &error);
    must((value != NULL) == (error.words == NULL));
    must(error.offset <= size);
    if (value) check(value, 0);
    must(arena.total <= arena.limit);
    otel__json_arena_release(&arena);
    return 0;
}
