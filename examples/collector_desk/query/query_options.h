/* The command line of `collector_desk query`. */
#ifndef DESK_QUERY_OPTIONS_H
#define DESK_QUERY_OPTIONS_H
#include <stdbool.h>

typedef enum desk_query_format { DESK_FORMAT_TABLE, DESK_FORMAT_JSON, DESK_FORMAT_CSV } desk_query_format;
typedef enum desk_query_language { DESK_LANGUAGE_FOUND_OUT, DESK_LANGUAGE_KQL, DESK_LANGUAGE_SQL } desk_query_language;

typedef struct desk_query_options {
    const char *database;
    const char *text; /* of the query */
    desk_query_format format;
    desk_query_language language;
} desk_query_options;

/* Options may stand before and behind the query. False: said on stderr what is wrong. */
bool desk_query_options_read(int count, char **arguments, desk_query_options *options);
#endif
