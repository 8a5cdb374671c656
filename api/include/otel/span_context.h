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
    uint8_t reserved[6]; /* zero */
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

OTEL_EXTERN_C_END
#endif
