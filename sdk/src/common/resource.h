/* Making a resource: merging what code, environment and defaults say, and encoding it once. */
#ifndef OTEL__RESOURCE_H
#define OTEL__RESOURCE_H
#include <otel/sdk/sdk.h>

struct otel_resource {
    otel_attr *attributes; /* views into bytes */
    size_t count;
    uint8_t *bytes; /* field 1 of ResourceLogs, with tag and length */
    size_t size;
    int64_t pid; /* what process.pid says by itself */
};

/* NULL: out of memory. */
otel_resource *otel__resource_new(const otel_options *options);
/* In the child of a fork: process.pid is its own, unless somebody had set it. */
void otel__resource_renew(otel_resource *resource);
void otel__resource_destroy(otel_resource *resource);
#endif
