/* The resource: who produced all the records of a provider (Resource SDK). A provider makes its own from, each beating
 * the one before: the SDK's defaults, detectors, what otel_options name as fallbacks, the environment, and what
 * otel_options name as final. */
#ifndef OTEL_SDK_RESOURCE_H
#define OTEL_SDK_RESOURCE_H
#include <otel/attr.h>

/* Immutable; any thread. A provider's lives as long as the provider, and is not yours to destroy. */
typedef struct otel_resource otel_resource;

/* The version of the semantic conventions that the SDK's own detectors follow. */
#define OTEL_SEMCONV_SCHEMA_URL "https://opentelemetry.io/schemas/1.44.0"

enum {
    OTEL_DETECTOR_PER_PROCESS = 1, /* asked again in the child of a fork: what it says is this process's alone */
    OTEL_DETECTOR_ON_REQUEST = 2,  /* runs when it is named, or `all` are; the others run by default */
    OTEL_DETECTOR_BY_NAME = 4      /* runs when it is named, not with `all`: what it says may be a secret */
};

OTEL_EXTERN_C_BEGIN
/* A resource of your own, with copies of everything; of one key twice the later counts. No attributes: the empty
 * resource. schema_url NULL: none. NULL: out of memory, or more than 16 MiB. */
OTEL_API otel_resource *otel_resource_new(const otel_attr *attributes, size_t count, const char *schema_url);
/* Both together in a new one; the value of `updating` wins, an empty one too. A schema URL that only one of them has,
 * or both, is the result's; two different ones are an error that is said, and the result has none. NULL is an empty
 * resource. NULL: out of memory. ("Merge") */
OTEL_API otel_resource *otel_resource_merge(const otel_resource *old, const otel_resource *updating);
/* What a provider without options has: the SDK's defaults, the default detectors, the environment. ("SDK-provided
 * resource attributes") */
OTEL_API otel_resource *otel_resource_default(void);
OTEL_API void otel_resource_destroy(otel_resource *resource);

OTEL_API bool otel_resource_get(const otel_resource *resource, const char *key, otel_value *value);
OTEL_API size_t otel_resource_count(const otel_resource *resource);
/* The nth attribute, 0 first; false when there are fewer. */
OTEL_API bool otel_resource_at(const otel_resource *resource, size_t nth, otel_attr *attr);
/* Whether the attribute is what detectors found for this process alone (OTEL_DETECTOR_PER_PROCESS), and nobody said
 * otherwise: a random service.instance.id, say, which a backend with a column for names had better leave out of it. */
OTEL_API bool otel_resource_is_own(const otel_resource *resource, const char *key);
OTEL_API otel_str otel_resource_schema_url(const otel_resource *resource); /* {NULL, 0}: none */

/* Makes a detector known: `detect` is called on the thread that makes a provider, it should be quick, and it stays
 * callable from now on. It answers a new resource, the empty one when it finds nothing, with the schema URL of the
 * conventions that it follows; NULL: it failed, which is said. Which detectors run, and in which order,
 * OTEL_C_RESOURCE_DETECTORS says, else otel_options.resource_detectors, else those do that are not marked otherwise. A
 * name is letters, digits and underscores, any case, at most 31; OTEL_ERR_ALREADY: another has it, OTEL_ERR_NO_MEMORY:
 * there are 32. ("Resource detector") */
OTEL_API otel_result otel_resource_detector_register(const char *name, otel_resource *(*detect)(void), uint32_t flags);
OTEL_EXTERN_C_END
#endif
