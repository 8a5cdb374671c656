/* The loggers of the scopes that JSON records name: one for each content, in static storage, at most 1024 of them. */
#ifndef OTEL__SCOPE_TABLE_H
#define OTEL__SCOPE_TABLE_H
#include <otel/log.h>

#include "json_reader/json_reader.h"

enum { OTEL__MAX_SCOPES = 1024 };

typedef enum otel__scope_result { OTEL__SCOPE_FOUND, OTEL__SCOPE_WRONG, OTEL__SCOPE_FULL } otel__scope_result;

typedef struct otel__scope_table {
    const char *default_name; /* of a scope that has no name */
    otel__json_arena memory;  /* of the scopes' content */
    uint32_t count;
} otel__scope_table;

/* One table a process; init empties it. */
void otel__scope_table_init(otel__scope_table *scopes, const char *default_name);
void otel__scope_table_release(otel__scope_table *scopes);

/* The logger of {"name", "version", "schema_url", "attributes"}. WRONG: json is something else. FULL: there is no room
 * for one more, or it is longer than 64 KiB. *logger is set when FOUND. */
otel__scope_result otel__scope_table_find(otel__scope_table *scopes, const otel__json *json, otel_logger **logger);
#endif
