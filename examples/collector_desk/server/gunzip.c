/* Inflates piece by piece: a bomb is noticed when it passes the limit, not when it has filled the memory. */
#include "gunzip.h"

#include <limits.h>
#include <zlib.h>

enum { PIECE_BYTES = 64 * 1024, GZIP_ONLY = 16 };

static bool refuse(desk_failure *failure)
{
    return desk_fail(failure, 400, "the body is announced as gzip and is none, or is cut short");
}

/* One call of inflate; *ended at the end of a gzip member. */
static bool inflate_piece(z_stream *stream, size_t limit_bytes, desk_buffer *plain, bool *ended, desk_failure *failure)
{
    static unsigned char piece[PIECE_BYTES];
    stream->next_out = piece;
    stream->avail_out = sizeof piece;
    int result = inflate(stream, Z_NO_FLUSH);
    *ended = result == Z_STREAM_END;
    if (result == Z_MEM_ERROR) return desk_fail(failure, 503, "out of memory");
    if (result != Z_OK && result != Z_STREAM_END) return refuse(failure);
    size_t size = sizeof piece - stream->avail_out;
    if (size > limit_bytes - plain->size) return desk_fail(failure, 413, "the decompressed body is too large");
    desk_put(plain, (desk_text){(const char *)piece, size});
    return !plain->failed || desk_fail(failure, 503, "out of memory");
}

static bool inflate_all(z_stream *stream, size_t limit_bytes, desk_buffer *plain, desk_failure *failure)
{
    for (;;) {
        bool ended;
        if (!inflate_piece(stream, limit_bytes, plain, &ended, failure)) return false;
        if (!ended) continue;
        if (stream->avail_in == 0) return true;
        if (inflateReset(stream) != Z_OK) return refuse(failure);
    }
}

bool desk_gunzip(desk_text packed, size_t limit_bytes, desk_buffer *plain, desk_failure *failure)
{
    desk_buffer_clear(plain);
    if (packed.size == 0 || packed.size > UINT_MAX) return refuse(failure);
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)packed.at, .avail_in = (uInt)packed.size};
    if (inflateInit2(&stream, GZIP_ONLY + MAX_WBITS) != Z_OK) return desk_fail(failure, 503, "out of memory");
    bool done = inflate_all(&stream, limit_bytes, plain, failure);
    inflateEnd(&stream);
    return done;
}
