/* What the sink knows of requests to Application Insights, and of compressed ones: see track.h. It looks for marks that
 * stand once in every item; this is no reader of JSON. */
#include "track.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const char *behind(const char *at, const char *end, const char *mark)
{
    size_t size = strlen(mark);
    const char *found = memmem(at, (size_t)(end - at), mark, size);
    return found ? found + size : NULL;
}

/* "seq":"17", or with a blank before the value. */
static void tell_sequences(const char *at, const char *end, void (*sequence)(uint64_t))
{
    while ((at = behind(at, end, "\"seq\":"))) {
        while (at < end && (*at == ' ' || *at == '"')) at++;
        sequence(strtoull(at, NULL, 10));
    }
}

unsigned long long track_count(const char *body, size_t size, void (*sequence)(uint64_t))
{
    const char *end = body + size, *at = body;
    unsigned long long count = 0;
    while ((at = behind(at, end, "\"baseType\":"))) count++;
    if (sequence) tell_sequences(body, end, sequence);
    return count;
}

char *track_inflate(const void *body, size_t size, size_t most, size_t *inflated)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)body, .avail_in = (uInt)size};
    char *out = NULL, *grown;
    int result = inflateInit2(&z, 15 + 16);
    for (size_t room = 1 << 20; result == Z_OK && room <= most; room *= 2) {
        if (!(grown = realloc(out, room + 1))) break;
        out = grown;
        z.next_out = (Bytef *)out + z.total_out;
        z.avail_out = (uInt)(room - z.total_out);
        result = inflate(&z, Z_NO_FLUSH);
        if (result == Z_BUF_ERROR && z.avail_in) result = Z_OK;
    }
    *inflated = z.total_out;
    inflateEnd(&z);
    if (result == Z_STREAM_END) {
        out[*inflated] = 0;
        return out;
    }
    free(out);
    return NULL;
}
