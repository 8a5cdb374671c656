/* The identity of a span: what crosses process boundaries (Tracing API, "SpanContext"; W3C Trace Context). */
#ifndef OTEL_SPAN_CONTEXT_H
#define OTEL_SPAN_CONTEXT_H
#include <otel/base.h>

enum { OTEL_TRACE_FLAG_SAMPLED = 0x01, OTEL_TRACE_FLAG_RANDOM = 0x02 };

/* A plain value: copy it, keep it, compare it. Only the trace state is a view (see <otel/context.h>). Frozen. */
typedef struct otel_span_context {
    uint8_t trace_id[16];
    uint8_t span_id[8];
    uint8_t flags;       /* OTEL_TRACE_FLAG_... */
    bool remote;         /* came from another process */
    bool debug;          /* B3's and Jaeger's: sampled at all costs; handed on */
    uint8_t reserved[5]; /* zero */
    otel_str trace_state;
} otel_span_context;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_span_context) == 48, "frozen");

OTEL_EXTERN_C_BEGIN

/* True when both ids have a bit that is not zero. Signal-safe. */
OTEL_API bool otel_span_context_valid(const otel_span_context *span_context);

/* Lower-case hexadecimal, NUL-terminated. Signal-safe. */
OTEL_API void otel_trace_id_hex(const uint8_t id[16], char out[33]);
OTEL_API void otel_span_id_hex(const uint8_t id[8], char out[17]);

/* Reads exactly 32 (16) hexadecimal digits, either case; false, id untouched, for anything else and for all zeros.
 * Signal-safe. */
OTEL_API bool otel_trace_id_parse(const char *text, size_t size, uint8_t id[16]);
OTEL_API bool otel_span_id_parse(const char *text, size_t size, uint8_t id[8]);

/* A span context with a new span id: of the same trace (trace id, flags and trace state go on, and the trace state's
 * views with them), or of a new one when the parent is not valid: sampled then, as the default sampler decides. parent
 * NULL: the thread's current one. For correlating logs over processes without a tracing SDK. Signal-safe, if the
 * generator is. */
OTEL_API otel_span_context otel_span_context_child(const otel_span_context *parent);

/* Where new ids come from; the table must stay. Both functions may be called by any thread, several at once; an id of
 * zeros is replaced by a random one. (Tracing SDK, "Id Generators") */
typedef struct otel_id_generator {
    size_t size; /* sizeof(otel_id_generator) */
    void (*trace_id)(void *user, uint8_t id[16]);
    void (*span_id)(void *user, uint8_t id[8]);
    void *user;
    bool random; /* the last seven bytes of a trace id are uniformly random (W3C Trace Context Level 2, random flag) */
} otel_id_generator;
/* NULL: random ids of the operating system again. false: incomplete. */
OTEL_API bool otel_id_generator_set(const otel_id_generator *generator);

OTEL_EXTERN_C_END
#endif
