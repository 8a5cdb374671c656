/* The resource: who produced all the records of a provider (Resource SDK). */
#ifndef OTEL_SDK_RESOURCE_H
#define OTEL_SDK_RESOURCE_H
#include <otel/attr.h>

typedef struct otel_resource otel_resource; /* immutable, lives as long as its provider; any thread */

OTEL_EXTERN_C_BEGIN
OTEL_API bool otel_resource_get(const otel_resource *resource, const char *key, otel_value *value);
OTEL_API size_t otel_resource_count(const otel_resource *resource);
/* The nth attribute, 0 first; false when there are fewer. */
OTEL_API bool otel_resource_at(const otel_resource *resource, size_t nth, otel_attr *attr);
OTEL_API otel_str otel_resource_schema_url(const otel_resource *resource);
OTEL_EXTERN_C_END
#endif
