/* A resource in memory, and the one that a provider makes. */
#ifndef OTEL__RESOURCE_H
#define OTEL__RESOURCE_H
#include <otel/sdk/sdk.h>

struct otel_resource {
    otel_attr *attributes; /* views into bytes */
    size_t count;
    uint8_t *bytes; /* the fields `resource` and `schema_url` of ResourceLogs, with tags and lengths */
    size_t size;
    otel_str schema_url; /* a view into bytes */

    /* Of a provider's own. */
    otel_resource *own; /* what is of this process alone, to be found again in the child of a fork */
    uint32_t detectors; /* a bit for each that was asked */
};

/* As otel_resource_new and otel_resource_get, of texts with a length. */
otel_resource *otel__resource_make(const otel_attr *attributes, size_t count, otel_str schema_url);
bool otel__resource_find(const otel_resource *resource, const char *key, size_t size, otel_value *value);

/* Merges, and destroys both. NULL: out of memory, also before. */
otel_resource *otel__resource_join(otel_resource *old, otel_resource *updating);

/* What a provider's records carry. NULL: out of memory. */
otel_resource *otel__resource_of(const otel_options *options);
/* In the child of a fork: what was of the parent alone becomes the child's, unless somebody had set it. */
void otel__resource_renew(otel_resource *resource);
#endif
