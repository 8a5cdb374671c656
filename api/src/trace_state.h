/* The grammar of trace state, for the propagator that reads it from strangers. */
#ifndef OTEL__TRACE_STATE_H
#define OTEL__TRACE_STATE_H
#include <otel/trace_state.h>

bool otel__trace_state_key(const char *key, size_t size);
bool otel__trace_state_value(const char *value, size_t size);

/* The next member of a list; blank ones are passed over. 1: it is good; 0: the end; -1: it breaks the grammar. */
int otel__trace_state_member(otel_str list, size_t *cursor, otel_str *key, otel_str *value);

/* A text that is being made. put: false when there is no room, or there are 32 members. */
typedef struct otel__trace_state_text {
    char *text;
    size_t capacity, size, members;
} otel__trace_state_text;
bool otel__trace_state_put(otel__trace_state_text *out, otel_str key, otel_str value);
#endif
