/* All that an exporter author includes. (Logs SDK, "LogRecordExporter") */
#ifndef OTEL_SDK_LOG_EXPORTER_H
#define OTEL_SDK_LOG_EXPORTER_H
#include <otel/sdk/allocator.h>
#include <otel/sdk/deadline.h>
#include <otel/sdk/diag.h>
#include <otel/sdk/environment.h>
#include <otel/sdk/log_record.h>

struct otel_config; /* properties from a configuration file */
typedef struct otel_log_exporter otel_log_exporter;
typedef struct otel_log_batch
    otel_log_batch; /* encoded records; lives until the call that handed it over is answered */

typedef int32_t otel_export_status;
enum {
    OTEL_EXPORT_OK = 0,      /* taken; call->rejected of them refused by the backend */
    OTEL_EXPORT_RETRY = 1,   /* the SDK keeps the batch, waits (call->retry_after_ms or backoff), tries again */
    OTEL_EXPORT_REFUSED = 2, /* never send this again: counted as rejected */
    OTEL_EXPORT_PENDING = 3, /* the answer follows through otel_export_done(); batch and call stay valid until then */
    /* More than goes into one request: the same records come again at once, in smaller batches. One record alone that
     * is too large is counted as rejected. */
    OTEL_EXPORT_TOO_LARGE = 4
};

typedef struct otel_export_call {
    uint32_t size;           /* sizeof(otel_export_call); fields beyond it are absent */
    uint32_t attempt;        /* 0 first */
    otel_deadline deadline;  /* of this attempt */
    uint32_t rejected;       /* out: records that the backend refused, with OTEL_EXPORT_OK; see settled */
    uint32_t retry_after_ms; /* out: what the backend asked to wait; 0: it did not say */
    char message[128];       /* out: why, in words, without secrets; "" */
    void *otel_private;      /* the SDK's own; leave it alone */
    /* Out, with OTEL_EXPORT_RETRY and when the call is cancelled: so many records of this batch need not be exported
     * again, `rejected` of them because the backend refused them. The same batch comes again whole: the exporter
     * remembers which they are. What it said last is here again at the next attempt; after
     * OTEL_EXPORT_TOO_LARGE nothing is settled. 0 for most. */
    uint32_t settled;
    uint32_t firm; /* out, with OTEL_EXPORT_RETRY: 1: nothing is sent before retry_after_ms, not in a stop either, so
                    * one that would end sooner ends at once */
} otel_export_call;

enum {
    OTEL_EXPORTER_BLOCKS = 1, /* export_batch may sleep: it gets a thread of its own; refused in host mode */
    OTEL_EXPORTER_SIMPLE = 2  /* chosen by the environment, it is paired with the simple processor, not with batch */
};

/* Records of one kind that the backend will never store, for one reason: a line of an exporter's own books. Frozen. */
typedef struct otel_export_loss {
    char kind[16];        /* what the backend would have made of them: "exception"; "": no kinds */
    char reason[16];      /* "rejected", "too_large" */
    uint32_t http_status; /* 0: none */
    uint32_t reserved;
    uint64_t count;
} otel_export_loss;

/* A static table. Appended to, never changed; operations beyond `size` do not exist. One call at a time, all from the
 * provider's loop (its thread or the host's poll), from a thread of its own (BLOCKS), or under the simple processor. */
typedef struct otel_log_exporter_ops {
    size_t size;      /* sizeof(otel_log_exporter_ops) */
    const char *name; /* "syslog" */
    uint32_t flags;   /* OTEL_EXPORTER_... */
    uint32_t reserved;
    /* Required. */
    otel_export_status (*export_batch)(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call);
    /* The next three only for exporters that answer PENDING. poll_fd: a descriptor that becomes readable when poll
     * should be called (an epoll descriptor of yours will do), valid until destroy or after_fork; asked once, and again
     * after a fork. poll: do what can be done without waiting; call otel_export_done when the answer is there;
     * *next_monotonic_ns is when to be called again at the latest (OTEL_DEADLINE_NEVER: only for the descriptor).
     * cancel: forget the call in progress now; batch and call are gone when it returns; do not call otel_export_done
     * for it. */
    int32_t (*poll_fd)(otel_log_exporter *self);
    void (*poll)(otel_log_exporter *self, int64_t *next_monotonic_ns);
    void (*cancel)(otel_log_exporter *self);
    /* Of what the exporter itself keeps; NULL: nothing. The deadline is that of whoever flushes; without BLOCKS it is
     * called on the loop all the same and must not wait: begin what can be begun. */
    otel_result (*flush)(otel_log_exporter *self, otel_deadline deadline);
    otel_result (*shutdown)(otel_log_exporter *self,
                            otel_deadline deadline); /* NULL: nothing to do; once, the last call */
    void (*destroy)(otel_log_exporter *self);        /* release what you acquired, not self */
    /* NULL: nothing to do. In the child of a fork, before its first export: close inherited descriptors with close(2),
     * abandon handles that talk to a peer, forget the call in progress, make new ones. */
    void (*after_fork)(otel_log_exporter *self);
    /* NULL: the exporter keeps no books of its own. Writes as many lines as there is room for, and returns how many
     * there are. Any thread, at any time until destroy. */
    size_t (*losses)(const otel_log_exporter *self, otel_export_loss *losses, size_t capacity);
} otel_log_exporter_ops;
#define OTEL_LOG_EXPORTER_OPS OTEL_CAST(size_t, sizeof(otel_log_exporter_ops))

/* The first member of yours. Frozen. */
struct otel_log_exporter {
    const otel_log_exporter_ops *ops;
    void *otel_private[4];
};
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_log_exporter) == 40, "frozen");

/* Walks through a batch. Do not move it between two calls. */
typedef struct otel_log_cursor {
    const otel_log_batch *batch;
    uint64_t otel_private[6];
    otel_log_record record; /* last: it may grow */
} otel_log_cursor;

/* Makes a name known to OTEL_LOGS_EXPORTER. */
typedef struct otel_log_exporter_factory {
    size_t size;      /* sizeof(otel_log_exporter_factory) */
    const char *name; /* compared in any case */
    /* properties NULL: from the environment. NULL: not possible, said through diag. */
    otel_log_exporter *(*create)(const struct otel_config *properties);
} otel_log_exporter_factory;

OTEL_EXTERN_C_BEGIN
/* Zeroed memory of `size` bytes starting with an otel_log_exporter; the SDK releases it after ops->destroy. NULL: out
 * of memory, or a table without name or export_batch. */
OTEL_API void *otel_log_exporter_new(size_t size, const otel_log_exporter_ops *ops);
/* For an exporter that no processor has taken: a processor destroys its own. */
OTEL_API void otel_log_exporter_destroy(otel_log_exporter *exporter);

/* Copied; the name and the function must outlive the process's last start. A name that is taken is replaced. At most 32
 * names: OTEL_ERR_NO_MEMORY. Any thread. */
OTEL_API otel_result otel_log_exporter_register(const otel_log_exporter_factory *factory);

OTEL_API size_t otel_log_batch_count(const otel_log_batch *batch);
OTEL_API const otel_resource *otel_log_batch_resource(const otel_log_batch *batch);
/* Puts the cursor before the first record. */
OTEL_API void otel_log_cursor_init(otel_log_cursor *cursor, const otel_log_batch *batch, size_t size);
OTEL_SDK_INLINE otel_log_cursor otel_log_batch_begin(const otel_log_batch *batch)
{
    otel_log_cursor cursor;
    otel_log_cursor_init(&cursor, batch, sizeof cursor);
    return cursor;
}
/* The next record, valid until the next call, the strings in it until the batch is answered. */
OTEL_API bool otel_log_next(otel_log_cursor *cursor);

/* The same batch as the bytes of an OTLP ExportLogsServiceRequest, in pieces to be sent one after the other. Returns
 * how many there are; pieces NULL or capacity too small: nothing is written. They live as long as the batch. */
OTEL_API size_t otel_log_batch_otlp(const otel_log_batch *batch, otel_str *pieces, size_t capacity);
OTEL_API size_t otel_log_batch_otlp_bytes(const otel_log_batch *batch); /* their length together */

/* The answer to a call that was left PENDING: OK, RETRY, REFUSED or TOO_LARGE. Any thread, once; batch and call are
 * gone when it returns. */
OTEL_API void otel_export_done(otel_export_call *call, otel_export_status status);

/* Keeps records, for tests: copies, in order, until clear or destroy. Any thread may read while nobody emits. */
OTEL_API otel_log_exporter *otel_memory_exporter_new(void);
OTEL_API size_t otel_memory_exporter_count(const otel_log_exporter *exporter);
OTEL_API const otel_log_record *otel_memory_exporter_at(const otel_log_exporter *exporter, size_t nth);
OTEL_API void otel_memory_exporter_clear(otel_log_exporter *exporter);
OTEL_EXTERN_C_END
#endif
