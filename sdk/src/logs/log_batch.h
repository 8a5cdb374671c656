/* A run of encoded records on its way to an exporter: where they lie, grouped by scope, and the request around them. */
#ifndef OTEL__LOGS_LOG_BATCH_H
#define OTEL__LOGS_LOG_BATCH_H
#include "common/scope.h"
#include <otel/sdk/log_exporter.h>

/* Records of one scope that lie side by side in memory, each framed, as field 2 of ScopeLogs. */
typedef struct otel__record_run {
    const uint8_t *bytes;
    uint32_t size;
    uint32_t scope;
} otel__record_run;

struct otel_log_batch {
    const otel_resource *resource;
    const otel__scopes *scopes;
    otel__record_run *runs; /* after otel__log_batch_close: one scope after the other, in order within each */
    uint32_t run_count;
    uint32_t count, capacity; /* records */
    otel_str *pieces;
    uint32_t piece_count;
    uint64_t bytes;        /* of all pieces */
    uint64_t record_bytes; /* of all records */
    uint8_t *heads;        /* tags and lengths in front of resource and scopes */
    otel__record_run *sorted;
    uint32_t *starts; /* per scope: where its runs begin; OTEL__SCOPES_MAX + 1 */
};

/* Room for `capacity` records, taken once; false: out of memory. */
bool otel__log_batch_init(otel_log_batch *batch, uint32_t capacity);
void otel__log_batch_finish(otel_log_batch *batch);

void otel__log_batch_open(otel_log_batch *batch, const otel_resource *resource, const otel__scopes *scopes);
/* One record more; `capacity` of them at most. */
static inline void otel__log_batch_add(otel_log_batch *batch, const uint8_t *bytes, uint32_t size, uint32_t scope)
{
    otel__record_run *last = batch->run_count ? &batch->runs[batch->run_count - 1] : NULL;
    batch->count++;
    batch->record_bytes += size;
    if (last && last->scope == scope && last->bytes + last->size == bytes)
        last->size += size;
    else
        batch->runs[batch->run_count++] = (otel__record_run){bytes, size, scope};
}
/* Groups, and builds the pieces of the request. */
void otel__log_batch_close(otel_log_batch *batch);
#endif
