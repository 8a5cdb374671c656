/* Request bodies through gzip. The only file that knows zlib. */
#include "gzip.h"

#include <otel/sdk/allocator.h>
#include <time.h>
#define ZLIB_CONST
#include <zlib.h>

enum { FIRST_BYTES = 16 * 1024, KEPT_BYTES = 1024 * 1024, SLICE_BYTES = 16 * 1024, MOST_BYTES = 1 << 30 };
static const int64_t STEP_NS = 1000000; /* the thread may be a host's */

struct otel__gzip {
    z_stream stream;
    unsigned char *buffer;
    size_t capacity;
    const otel_str *pieces; /* what is to be compressed yet, but for the beginning of the first */
    size_t count, offset;
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

otel__gzip *otel__gzip_new(int level)
{
    otel__gzip *gzip = otel_allocate(sizeof *gzip);
    if (!gzip) return NULL;
    gzip->stream.zalloc = z_allocate;
    gzip->stream.zfree = z_release;
    /* 15 + 16: the largest window, in gzip's frame. */
    if (deflateInit2(&gzip->stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) return gzip;
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

static bool feed_slice(otel__gzip *gzip)
{
    const otel_str *piece = gzip->pieces;
    size_t left = piece->size - gzip->offset, n = left < SLICE_BYTES ? left : SLICE_BYTES;
    if (n) gzip->stream.next_in = (const Bytef *)piece->data + gzip->offset;
    gzip->stream.avail_in = (uInt)n;
    gzip->offset += n;
    if (n == left) {
        gzip->pieces++;
        gzip->count--;
        gzip->offset = 0;
    }
    return n == 0 || feed(gzip, Z_NO_FLUSH);
}

bool otel__gzip_begin(otel__gzip *gzip, const otel_str *pieces, size_t count)
{
    gzip->pieces = pieces;
    gzip->count = count;
    gzip->offset = 0;
    gzip->stream.next_out = gzip->buffer;
    gzip->stream.avail_out = (uInt)gzip->capacity;
    return deflateReset(&gzip->stream) == Z_OK;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

otel__gzip_state otel__gzip_step(otel__gzip *gzip, otel_str *out)
{
    int64_t limit = now_ns() + STEP_NS;
    while (gzip->count) {
        if (!feed_slice(gzip)) return OTEL__GZIP_FAILED;
        if (gzip->count && now_ns() >= limit) return OTEL__GZIP_MORE;
    }
    if (!feed(gzip, Z_FINISH)) return OTEL__GZIP_FAILED;
    *out = (otel_str){(const char *)gzip->buffer, (size_t)(gzip->stream.next_out - gzip->buffer)};
    return OTEL__GZIP_DONE;
}

void otel__gzip_trim(otel__gzip *gzip)
{
    if (!gzip || gzip->capacity <= KEPT_BYTES) return;
    otel_release(gzip->buffer);
    gzip->buffer = NULL;
    gzip->capacity = 0;
}
