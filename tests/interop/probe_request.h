/* A request of the propagation probe: headers, the context before, which propagators. */
#ifndef PROBE_REQUEST_H
#define PROBE_REQUEST_H
#include <otel/context.h>
#include <strings.h>

enum { PROBE_HEADERS_MAX = 4096 };

typedef struct probe_headers {
    size_t count;
    char *names[PROBE_HEADERS_MAX];
    otel_str values[PROBE_HEADERS_MAX];
    char *entries[PROBE_HEADERS_MAX + 1]; /* as an environment */
} probe_headers;

typedef struct probe_request {
    char *id, *envkey, *propagators; /* envkey NULL: extract and inject */
    bool environment;
    probe_headers headers;
    otel_context context;
    otel_baggage baggage;
    char baggage_room[1 << 15], trace_state[1 << 13];
} probe_request;

/* false: the line is no request. */
bool probe_read(const char *line, probe_request *request);
void probe_free(probe_request *request);
char *const *probe_environment(const probe_headers *headers);
#endif
