/* Trace state: what vendors hand on beside a span context, as the text of the header `tracestate` (Tracing API,
 * "TraceState"; W3C Trace Context Level 2). Immutable texts: an operation writes a new one into memory that you give.
 * Everything here is signal-safe and works with no SDK. */
#ifndef OTEL_TRACE_STATE_H
#define OTEL_TRACE_STATE_H
#include <otel/base.h>

enum { OTEL_TRACE_STATE_MEMBERS_MAX = 32 };

OTEL_EXTERN_C_BEGIN

/* The value under a key, as a view into the state; false: there is none. */
OTEL_API bool otel_trace_state_get(otel_str state, const char *key, otel_str *value);

/* A state with key=value in front: added, or updated wherever it stood; the order of the others stays, and of more than
 * 32 members the last goes. Written to `out`, which must not overlap `state`; *result is a view of it. false, *result
 * is `state` as it was: key or value outside the grammar, or no room. */
OTEL_API bool otel_trace_state_set(otel_str state, const char *key, const char *value, char *out, size_t capacity,
                                   otel_str *result);

/* A state without that key; as above. true also when there was none. */
OTEL_API bool otel_trace_state_delete(otel_str state, const char *key, char *out, size_t capacity, otel_str *result);

/* The next member; *cursor begins with 0. */
OTEL_API bool otel_trace_state_next(otel_str state, size_t *cursor, otel_str *key, otel_str *value);

OTEL_EXTERN_C_END
#endif
