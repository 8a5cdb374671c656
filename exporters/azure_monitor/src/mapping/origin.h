/* What all records of a resource share: tags, and the custom dimensions that are not among them. Made once. */
#ifndef OTEL__AZURE_ORIGIN_H
#define OTEL__AZURE_ORIGIN_H
#include "dimensions.h"
#include "envelope.h"
#include "json_nodes.h"

enum { OTEL__AZURE_ORIGIN_TAGS = 9 };

typedef struct otel__azure_tag {
    const char *key;
    otel__azure_text value; /* never empty */
} otel__azure_tag;

typedef struct otel__azure_origin {
    otel__azure_memory memory;
    const otel_resource *resource;
    bool made;          /* for that resource, whole */
    bool has_namespace; /* the role's name begins with it */
    otel__azure_tag tags[OTEL__AZURE_ORIGIN_TAGS];
    uint32_t tag_count;
    otel__azure_text process; /* the program that logs */
    otel__azure_dimensions dimensions;
    otel__azure_members ready_tags, ready_dimensions; /* the same as JSON */
} otel__azure_origin;

/* Makes it for that resource, unless it is. false: out of memory. */
bool otel__azure_origin_make(otel__azure_origin *origin, const otel_resource *resource,
                             const otel__azure_mapping *mapping);
void otel__azure_origin_release(otel__azure_origin *origin);
#endif
