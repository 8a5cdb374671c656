/* The command line of otel-log. */
#ifndef OTEL__LOG_OPTIONS_H
#define OTEL__LOG_OPTIONS_H
#include <stdio.h>

#include <otel/otel.h>

#include "json_reader/json_reader.h"

enum { OTEL__DEFAULT_TIMEOUT_MS = 5000, OTEL__EXCEPTION_FIELDS = 3 };

/* What a line, or the message, is. */
typedef enum otel__form {
    OTEL__FORM_TEXT,
    OTEL__FORM_JSON,      /* an object: a whole record */
    OTEL__FORM_JSON_BODY, /* any value: the body */
    OTEL__FORM_JOURNAL    /* an object: an entry of the journal */
} otel__form;

typedef struct otel__options {
    otel_severity severity;  /* of every record that names none; the same for time, event and exception */
    uint64_t time_unix_nano; /* 0: none */
    otel_str event;          /* absent: none */
    const char *exception[OTEL__EXCEPTION_FIELDS]; /* type, message, stacktrace; NULL: none */
    otel_attr *attributes;
    uint32_t attribute_count;
    const char *scope_name;
    const char *scope_version; /* NULL: none */
    otel__form form;
    bool prio_prefix;
    const char **files; /* to be followed; into argv */
    size_t file_count;
    bool from_start;
    bool tee;
    uint32_t timeout_ms;
    bool stats;
    bool exec; /* the words are a command */
    bool capture;
    const char *traceparent, *baggage; /* NULL: the environment's */
    const char *const *words;          /* the message; into argv */
    size_t word_count;                 /* 0: lines are read */
    otel__json_arena memory;           /* of attributes and files */
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

void otel__options_print_help(FILE *out);
#endif
