/* The tables, with the columns of the portal and in their order. */
#ifndef DESK_SCHEMA_H
#define DESK_SCHEMA_H

extern const char desk_schema_sql[];
extern const char desk_insert_trace_sql[];
extern const char desk_insert_exception_sql[];
#endif
