/* Memory for the time of one emit. */
#include "scratch.h"
#include <otel/sdk/allocator.h>
#include <string.h>

enum { BLOCK = 4096, HEAD = 16 };

void otel__scratch_init(otel__scratch *s)
{
    s->blocks = NULL;
    s->at = s->first;
    s->left = sizeof s->first;
    s->failed = false;
}

static bool grow(otel__scratch *s, size_t size)
{
    size_t bytes = HEAD + (size > BLOCK - HEAD ? size : BLOCK - HEAD);
    void **block = otel_allocate(bytes);
    if (!block) return false;
    *block = s->blocks;
    s->blocks = block;
    s->at = (char *)block + HEAD;
    s->left = bytes - HEAD;
    return true;
}

void *otel__scratch_take(otel__scratch *s, size_t size)
{
    size_t rounded = (size + 15) & ~(size_t)15;
    if (s->left < rounded && !grow(s, rounded)) {
        s->failed = true;
        return NULL;
    }
    void *p = s->at;
    s->at += rounded;
    s->left -= rounded;
    return p;
}

char *otel__scratch_text(otel__scratch *s, const char *text, size_t size)
{
    char *copy = otel__scratch_take(s, size + 1);
    if (!copy) return NULL;
    if (size) memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

void otel__scratch_free(otel__scratch *s)
{
    for (void **block = s->blocks, **before; block; block = before) {
        before = *block;
        otel_release(block);
    }
}
