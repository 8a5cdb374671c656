/* Text that a setter makes. */
#include "text_carrier.h"
#include <string.h>

void otel__text_add(otel_text_carrier *c, const otel_str *parts, size_t count)
{
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++) wanted += parts[i].size;
    if (!c->buffer || wanted >= c->capacity - c->size) {
        c->truncated = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size) memcpy(c->buffer + c->size, parts[i].data, parts[i].size);
        c->size += parts[i].size;
    }
    c->buffer[c->size] = '\0';
}

void otel__text_cut(otel_text_carrier *c, size_t begin, size_t end)
{
    memmove(c->buffer + begin, c->buffer + end, c->size - end + 1);
    c->size -= end - begin;
}
