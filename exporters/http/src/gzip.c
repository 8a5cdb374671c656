/* Request bodies through gzip. The only file that knows zlib. */
#include "gzip.h"

#include <otel/sdk/allocator.h>
#define ZLIB_CONST
#include <zlib.h>

enum { FIRST_BYTES = 16 * 1024, KEPT_BYTES = 1024 * 1024, STEP_BYTES = 1 << 30, MOST_BYTES = 1 << 30 };

struct otel__gzip {
    z_stream stream;
    unsigned char *buffer;
    size_t capacity;
};

static void *z_allocate(void *opaque, uInt items, uInt size)
{
    (void)opaque;
    return otel_allocate((size_t)items * size);
}

static void z_release(void *opaque, void *p)
{
    (void)opaque;
    otel_release(p);
}

otel__gzip *otel__gzip_new(void)
{
    otel__gzip *gzip = otel_allocate(sizeof *gzip);
    if (!gzip) return NULL;
    gzip->stream.zalloc = z_allocate;
    gzip->stream.zfree = z_release;
    /* The fastest level: the CPU is the host's. 15 + 16: the largest window, in gzip's frame. */
    if (deflateInit2(&gzip->stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) return gzip;
    otel_release(gzip);
    return NULL;
}

void otel__gzip_destroy(otel__gzip *gzip)
{
    if (!gzip) return;
    deflateEnd(&gzip->stream);
    otel_release(gzip->buffer);
    otel_release(gzip);
}

static bool make_room(otel__gzip *gzip)
{
    z_stream *stream = &gzip->stream;
    if (stream->avail_out) return true;
    size_t used = gzip->capacity;
    size_t capacity = used ? used * 2 : FIRST_BYTES;
    unsigned char *buffer = capacity <= MOST_BYTES ? otel_reallocate(gzip->buffer, capacity) : NULL;
    if (!buffer) return false;
    gzip->buffer = buffer;
    gzip->capacity = capacity;
    stream->next_out = buffer + used;
    stream->avail_out = (uInt)(capacity - used);
    return true;
}

static bool feed(otel__gzip *gzip, int flush)
{
    int result = Z_OK;
    while (gzip->stream.avail_in || (flush == Z_FINISH && result != Z_STREAM_END)) {
        if (!make_room(gzip)) return false;
        result = deflate(&gzip->stream, flush);
        if (result == Z_STREAM_ERROR) return false;
    }
    return true;
}

static bool feed_piece(otel__gzip *gzip, otel_str piece)
{
    while (piece.size) {
        size_t step = piece.size < STEP_BYTES ? piece.size : STEP_BYTES;
        gzip->stream.next_in = (const Bytef *)piece.data;
        gzip->stream.avail_in = (uInt)step;
        if (!feed(gzip, Z_NO_FLUSH)) return false;
        piece.data += step;
        piece.size -= step;
    }
    return true;
}

bool otel__gzip_run(otel__gzip *gzip, const otel_str *pieces, size_t count, otel_str *out)
{
    z_stream *stream = &gzip->stream;
    if (deflateReset(stream) != Z_OK) return false;
    stream->next_out = gzip->buffer;
    stream->avail_out = (uInt)gzip->capacity;
    for (size_t i = 0; i < count; i++)
        if (!feed_piece(gzip, pieces[i])) return false;
    if (!feed(gzip, Z_FINISH)) return false;
    *out = (otel_str){(const char *)gzip->buffer, (size_t)(stream->next_out - gzip->buffer)};
    return true;
}

void otel__gzip_trim(otel__gzip *gzip)
{
    if (!gzip || gzip->capacity <= KEPT_BYTES) return;
    otel_release(gzip->buffer);
    gzip->buffer = NULL;
    gzip->capacity = 0;
}
