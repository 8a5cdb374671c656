/* The command line of otel-log. */
#ifndef OTEL__LOG_OPTIONS_H
#define OTEL__LOG_OPTIONS_H
#include <otel/otel.h>

#include "json_reader/json_reader.h"

enum { OTEL__DEFAULT_TIMEOUT_MS = 5000 };

typedef struct otel__options {
    otel_severity severity; /* of every record that names none */
    const otel_attr *attributes;
    uint32_t attribute_count;
    otel_str event; /* absent: none */
    const char *scope_name;
    const char *scope_version; /* NULL: none */
    uint32_t timeout_ms;
    bool json;
    bool stats;
    const char *const *words; /* the message; into argv */
    size_t word_count;        /* 0: standard input */
    otel__json_arena memory;  /* of the attributes */
} otel__options;

typedef enum otel__action {
    OTEL__ACTION_SEND,
    OTEL__ACTION_HELP,
    OTEL__ACTION_VERSION,
    OTEL__ACTION_REFUSE
} otel__action;

/* Refusals are said on standard error. What options points to lives as long as argv and until otel__options_release. */
otel__action otel__options_read(otel__options *options, int argc, char *const *argv);
void otel__options_release(otel__options *options);

extern const char otel__options_help[];
#endif
