/* `collector_desk query`: one SQL query, printed as a table. */
#ifndef DESK_QUERY_H
#define DESK_QUERY_H

/* Returns the exit status of the program. */
int desk_query(const char *path, const char *sql);
#endif
