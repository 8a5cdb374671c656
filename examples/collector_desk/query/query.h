/* `collector_desk query`: one query in the query language or in SQL, its rows on standard output. */
#ifndef DESK_QUERY_H
#define DESK_QUERY_H
#include "query_options.h"

/* Returns the exit status of the program. */
int desk_query(const desk_query_options *options);
#endif
