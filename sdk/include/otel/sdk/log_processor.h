/* All that a processor author includes. (Logs SDK, "LogRecordProcessor") */
#ifndef OTEL_SDK_LOG_PROCESSOR_H
#define OTEL_SDK_LOG_PROCESSOR_H
#include <otel/sdk/allocator.h>
#include <otel/sdk/deadline.h>
#include <otel/sdk/diag.h>
#include <otel/sdk/log_record.h>

struct otel_provider;
typedef struct otel_log_processor otel_log_processor;

enum {
    /* It keeps records, or hands them elsewhere too (a router): a true of its `enabled` is the answer, and nobody
     * behind it is asked. */
    OTEL_PROCESSOR_DECIDES = 1,
    /* Whatever it is given ends in exporters of its own: what OTEL_LOGS_EXPORTER chooses is not put behind it. */
    OTEL_PROCESSOR_EXPORTS = 2
};

/* A static table. Appended to, never changed; operations beyond `size` do not exist. */
typedef struct otel_log_processor_ops {
    size_t size;      /* sizeof(otel_log_processor_ops) */
    const char *name; /* "redact": appears in diagnostics */
    /* Required. On the emitting thread, several at once: must be thread-safe, must not block. Change the record, then
     * otel_log_pass(self, record); not passing it on drops it (counted as filtered). */
    void (*emit)(otel_log_processor *self, otel_log_record *record);
    /* false: what stands behind me will not get it. true: as far as I am concerned; the next one is asked, unless
     * OTEL_PROCESSOR_DECIDES. NULL: "I cannot tell", and then the record is wanted. One that only changes records
     * answers true. Asked before the arguments are evaluated, by any thread; emit must decide for itself all the same.
     * (Logs SDK, "Enabled") */
    bool (*enabled)(otel_log_processor *self, const otel_scope *scope, otel_severity severity,
                    const otel_context *context);
    /* NULL: nothing kept. Sends on what is kept. Any thread, also while others emit. */
    otel_result (*flush)(otel_log_processor *self, otel_deadline deadline);
    /* NULL: nothing to do. Once, when nobody emits any more; may still pass records on. */
    otel_result (*shutdown)(otel_log_processor *self, otel_deadline deadline);
    /* NULL: nothing acquired. Release what you acquired, not self. */
    void (*destroy)(otel_log_processor *self);
    /* NULL: nothing to do. In the child of a fork, before its first record: remake locks and threads, forget what is
     * kept. */
    void (*after_fork)(otel_log_processor *self);
    uint32_t flags; /* OTEL_PROCESSOR_... */
    uint32_t reserved;
    /* NULL: nothing to do. Once, before the first record: a provider has taken it. One with children hands this on to
     * each of them (otel_log_processor_start), so that their exporters are in the provider's books and loop from the
     * beginning. Anything but OTEL_OK: the provider is not made. */
    otel_result (*start)(otel_log_processor *self, struct otel_provider *provider);
} otel_log_processor_ops;
#define OTEL_LOG_PROCESSOR_OPS OTEL_CAST(size_t, sizeof(otel_log_processor_ops))

/* The first member of yours. Frozen. */
struct otel_log_processor {
    const otel_log_processor_ops *ops;
    otel_log_processor *next; /* set by who owns the list: the provider, or a router for its children */
    void *otel_private[4];
};
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_log_processor) == 48, "frozen");

OTEL_EXTERN_C_BEGIN
/* Zeroed memory of `size` bytes starting with an otel_log_processor; the SDK releases it after ops->destroy. NULL: out
 * of memory, or a table without name or emit. */
OTEL_API void *otel_log_processor_new(size_t size, const otel_log_processor_ops *ops);
/* For a processor that no provider has taken: a provider destroys its own. */
OTEL_API void otel_log_processor_destroy(otel_log_processor *processor);
/* Inside emit (or flush, shutdown, with a clone): hands the record to the next processor. What that one changes is
 * undone when this returns. */
OTEL_API void otel_log_pass(otel_log_processor *self, otel_log_record *record);
/* The same, to a processor that you own: a router's child. */
OTEL_API void otel_log_processor_emit(otel_log_processor *child, otel_log_record *record);
/* Whether it, or anybody behind it in its list, wants such a record: what the provider asks the first of its own list,
 * and a router its children, or its `next`. NULL: no. context NULL: the empty one. Any thread. */
OTEL_API bool otel_log_processor_enabled(otel_log_processor *child, const otel_scope *scope, otel_severity severity,
                                         const otel_context *context);
/* Start, flush, shutdown and after_fork of a child that you own (of it alone, not of its `next`), NULL operations
 * included; to be called from your own. A batch processor is only told: the provider waits for all of its at once. */
OTEL_API otel_result otel_log_processor_start(otel_log_processor *child, struct otel_provider *provider);
OTEL_API otel_result otel_log_processor_flush(otel_log_processor *child, otel_deadline deadline);
OTEL_API otel_result otel_log_processor_shutdown(otel_log_processor *child, otel_deadline deadline);
OTEL_API void otel_log_processor_after_fork(otel_log_processor *child);

struct otel_log_exporter;

/* Numbers: 0 = the default. (Logs SDK, "Batching processor") */
typedef struct otel_batch_options {
    uint32_t schedule_delay_ms;     /* 1000; OTEL_ZERO for none */
    uint32_t export_timeout_ms;     /* 30000; OTEL_UNLIMITED for none */
    uint32_t max_queue_size;        /* 2048 records */
    uint32_t max_export_batch_size; /* 512 records */
    uint32_t max_record_bytes;      /* 1 MiB */
    uint32_t
        wait_for_room_ms;  /* 0: a full queue drops; else an emit waits that long for room, OTEL_UNLIMITED for ever */
    uint32_t retry_max_ms; /* 0: a batch is tried until the processor is shut down */
    uint32_t max_queue_bytes; /* of all queued records; 0: a KiB for each of max_queue_size, at least 8 MiB; at least
                                 512 KiB. What finds no room counts as queue_full. Records over
 32 KiB have places of their own, 32 at a time */
} otel_batch_options;
#define OTEL_UNLIMITED 0xffffffffu
#define OTEL_ZERO 0xfffffffeu

/* Queues records, encoded, and exports them from the provider's loop. Owns the exporter from the call on, failure
 * included; exporter NULL (a constructor that failed) gives NULL. What an option leaves open is taken from OTEL_BLRP_*.
 */
OTEL_API otel_log_processor *otel_batch_log_processor_new_sized(struct otel_log_exporter *exporter,
                                                                const otel_batch_options *options, size_t size);
OTEL_SDK_INLINE otel_log_processor *otel_batch_log_processor_new(struct otel_log_exporter *exporter,
                                                                 const otel_batch_options *options)
{
    return otel_batch_log_processor_new_sized(exporter, options, sizeof(otel_batch_options));
}
/* Exports each record on the emitting thread, one at a time: for the console and for tests. Owns the exporter as above;
 * refuses one that works asynchronously (ops->poll). (Logs SDK, "Simple processor") */
OTEL_API otel_log_processor *otel_simple_log_processor_new(struct otel_log_exporter *exporter);
OTEL_EXTERN_C_END
#endif
