/* Recovery of a queue from a mapped file: whatever the file holds, no record may reach outside its chunk, overlap
 * another one or be found twice.
 *
 * Input: a byte of geometry, then either an image (laid over zeros), or, when its top bit is set, edits of a good one:
 * a list of {which header or descriptor : 16, value : 64}. */
#include "queue/queue.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 4096, CHUNKS = 4, JUMBO = 8192, JUMBOS = 1, IMAGE = CHUNKS * CHUNK + JUMBOS * JUMBO };

static _Alignas(64) uint8_t image[IMAGE];
static uint8_t covered[IMAGE];
static uint64_t found_records;
static volatile uint8_t sink;

static void require(bool condition)
{
    if (!condition) abort();
}

static void found(void *context, const otel__queue_found *record)
{
    const otel__queue_options *options = context;
    size_t begin = (size_t)(record->bytes - image);
    require(begin < IMAGE + 1u && record->length <= IMAGE - begin);
    require(record->stripe < options->stripes && record->scope <= OTEL__QUEUE_SCOPE_MAX);
    size_t ordinary = (size_t)options->chunks * CHUNK, size = begin < ordinary ? CHUNK : JUMBO;
    size_t inside = begin < ordinary ? begin % CHUNK : (begin - ordinary) % JUMBO;
    require(record->length == 0 || inside + record->length <= size);
    for (uint32_t i = 0; i < record->length; i++) {
        require(!covered[begin + i]);
        covered[begin + i] = 1;
        sink = record->bytes[i];
    }
    found_records++;
}

/* A little of everything: full chunks, a jumbo, a torn record. */
static void fill_image(const otel__queue_options *options)
{
    otel__queue q;
    otel__queue_options o = *options;
    o.fd = -1;
    require(otel__queue_open(&q, &o));
    for (uint32_t i = 0; i < 20; i++) {
        otel__queue_slot slot;
        uint32_t length = i == 9 && o.jumbos ? 5000 : 100 + i * 30;
        if (otel__queue_reserve(&q, length, &slot) != OTEL__QUEUE_OK) continue;
        memset(slot.at, (int)i, length);
        if (i != 4) otel__queue_commit(&slot, i, length);
    }
    memcpy(image, atomic_load(&q.map), q.map_bytes);
    otel__queue_unmap(&q);
}

static void edit_image(const uint8_t *data, size_t size)
{
    for (; size >= 10; data += 10, size -= 10) {
        size_t which = (size_t)(data[0] | data[1] << 8) % (IMAGE / 8);
        memcpy(image + which * 8, data + 2, 8);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) return 0;
    otel__queue_options options = {.max_records = 256,
                                   .batch_records = 16,
                                   .chunk_bytes = CHUNK,
                                   .chunks = 1 + (data[0] & 3),
                                   .jumbo_bytes = JUMBO,
                                   .jumbos = data[0] >> 2 & 1,
                                   .stripes = 1u << (data[0] >> 3 & 3),
                                   .fd = -1};
    bool edited = data[0] & 0x80;
    otel__queue_recovery recovery;
    memset(image, 0, sizeof image);
    memset(covered, 0, sizeof covered);
    found_records = 0;
    if (edited) {
        fill_image(&options);
        edit_image(data + 1, size - 1);
    } else {
        memcpy(image, data + 1, size - 1 < IMAGE ? size - 1 : IMAGE);
    }
    size_t bytes = (size_t)options.chunks * CHUNK + (size_t)options.jumbos * JUMBO;
    require(otel__queue_recover(&options, image, bytes, found, &options, &recovery));
    require(recovery.records == found_records);
    return 0;
}
