/* Environment variables with the specification's parsing rules (Configuration, "Environment Variable Specification"):
 * empty is unset; what cannot be read is said once through diag and taken as unset. For use while a component is made
 * (never later: the environment may be changing then). While a provider is made with OTEL_ENV_IGNORED all are unset. */
#ifndef OTEL_SDK_ENVIRONMENT_H
#define OTEL_SDK_ENVIRONMENT_H
#include <otel/base.h>

OTEL_EXTERN_C_BEGIN
/* The text, NULL when unset or empty. Borrowed from the environment: copy it. */
OTEL_API const char *otel_env_text(const char *name);
/* A decimal number of at most `most`; false, *value untouched, when unset or not such a number. */
OTEL_API bool otel_env_number(const char *name, uint64_t most, uint64_t *value);
/* true only for "true" in any case; `absent` when unset; anything else but "false" is said and counts as false. */
OTEL_API bool otel_env_flag(const char *name, bool absent);

/* Reads a list `key1=value1,key2=value2` as OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS hold it: spaces
 * around keys and values are dropped, `decode` both are percent-decoded in place. *at walks through text, which is
 * changed. 1: an entry was read, both NUL-terminated; 0: the end; -1: the next entry is malformed, *at stands behind
 * it. */
OTEL_API int32_t otel_env_list_next(char **at, char **key, char **value, bool decode_keys);
OTEL_EXTERN_C_END
#endif
