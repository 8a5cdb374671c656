/* Environment variables with the specification's parsing rules (Configuration, "Environment Variable Specification"):
 * empty is unset; what cannot be read is said through diag, once for each provider that is made, and taken as unset.
 * For use while a component is made (never later: the environment may be changing then). While a provider is made with
 * OTEL_ENV_IGNORED all are unset. */
#ifndef OTEL_SDK_ENVIRONMENT_H
#define OTEL_SDK_ENVIRONMENT_H
#include <otel/base.h>

/* A variable as its reader knows it. Each part of this tree has one list of its own, variables.def, from which the
 * code, the table in README.md and the tests take them. */
typedef struct otel_variable {
    const char *name;
    const char *choices;            /* of an enum: "none|gzip"; else NULL */
    uint32_t type;                  /* OTEL_VARIABLE_... */
    uint32_t fallback, least, most; /* of a number: the default, and what is accepted */
} otel_variable;

enum {
    OTEL_VARIABLE_TEXT = 0,    /* strings, lists, paths: otel_env_text */
    OTEL_VARIABLE_BOOLEAN = 1, /* true only for "true" in any case; what is not "false" either is said, and is false */
    OTEL_VARIABLE_NUMBER = 2,  /* decimal; durations and timeouts are milliseconds */
    OTEL_VARIABLE_ENUM = 3     /* one of the choices, in any case: its position */
};

/* For the initializer of an otel_variable, behind the name. A timeout of 0 means that there is no limit. */
#define OTEL_P_VARIABLE_BOOLEAN(fallback) NULL, OTEL_VARIABLE_BOOLEAN, fallback, 0, 1
#define OTEL_P_VARIABLE_INTEGER(fallback, least, most) NULL, OTEL_VARIABLE_NUMBER, fallback, least, most
#define OTEL_P_VARIABLE_LIMIT(fallback) NULL, OTEL_VARIABLE_NUMBER, fallback, 0, INT32_MAX
#define OTEL_P_VARIABLE_DURATION(fallback) NULL, OTEL_VARIABLE_NUMBER, fallback, 0, INT32_MAX
#define OTEL_P_VARIABLE_TIMEOUT(fallback) NULL, OTEL_VARIABLE_NUMBER, fallback, 0, INT32_MAX
#define OTEL_P_VARIABLE_ENUM(choices) choices, OTEL_VARIABLE_ENUM, 0, 0, 0
#define OTEL_P_VARIABLE_TEXT NULL, OTEL_VARIABLE_TEXT, 0, 0, 0
#define OTEL_P_VARIABLE_STRING(fallback) OTEL_P_VARIABLE_TEXT
#define OTEL_P_VARIABLE_LIST(fallback) OTEL_P_VARIABLE_TEXT
#define OTEL_P_VARIABLE_PATH(fallback) OTEL_P_VARIABLE_TEXT

OTEL_EXTERN_C_BEGIN
/* The text, NULL when unset or empty. Borrowed from the environment: copy it. */
OTEL_API const char *otel_env_text(const char *name);
/* A boolean, a number or an enum; false, *value untouched, when unset or wrong. */
OTEL_API bool otel_env_read(const otel_variable *variable, uint64_t *value);
/* The same of a text from elsewhere, an option of a component say; `name` is what a complaint calls it. */
OTEL_API bool otel_env_parse(const otel_variable *variable, const char *name, const char *text, uint64_t *value);
/* Without a list: a number of at most `most`; */
OTEL_API bool otel_env_number(const char *name, uint32_t most, uint64_t *value);
/* a boolean, `absent` when unset. */
OTEL_API bool otel_env_flag(const char *name, bool absent);

/* Reads a list `key1=value1,key2=value2` as OTEL_RESOURCE_ATTRIBUTES and OTEL_EXPORTER_OTLP_HEADERS hold it: spaces
 * around keys and values are dropped, `decode` both are percent-decoded in place. *at walks through text, which is
 * changed. 1: an entry was read, both NUL-terminated; 0: the end; -1: the next entry is malformed, *at stands behind
 * it. */
OTEL_API int32_t otel_env_list_next(char **at, char **key, char **value, bool decode_keys);
OTEL_EXTERN_C_END
#endif
