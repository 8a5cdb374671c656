/* The SQL that comes out: text, in which no byte of the query stands, and the values that are bound to it. */
#ifndef KQL_WRITER_H
#define KQL_WRITER_H
#include "../buffer.h"
#include "scope.h"
#include "tree.h"

enum { KQL_MAX_PARAMETERS = 30000 }; /* SQLite takes 32766 */

typedef struct kql_writer {
    kql_context *context;
    sqlite3 *db;
    int64_t now; /* in ticks */
    desk_buffer sql;
    const kql_node **parameters; /* literals; NULL: now */
    unsigned parameter_count;
    unsigned table_count; /* that are read */
    unsigned stage_count; /* that are written */
    unsigned name_count;  /* of c1, c2 … and s1, s2 … */
} kql_writer;

void kql_put(kql_writer *writer, const char *sql);
void kql_put_text(kql_writer *writer, desk_text sql);
/* ?1; the literal is bound to it. */
void kql_put_parameter(kql_writer *writer, const kql_node *literal);

/* write_expression.c. Strings are never NULL in what is written, except by kql_write_raw. */
void kql_write(kql_writer *writer, const kql_node *node);
/* A stored string as it is, so that an index can be used: for where a NULL is as good as "". */
void kql_write_raw(kql_writer *writer, const kql_node *node);
/* Whether it is a property that has an index. */
bool kql_is_hot(const kql_node *node);
/* A condition of which only matters whether it is true: NULL may stand for false. */
void kql_write_truth(kql_writer *writer, const kql_node *node);
/* $1 … $9 are the operands, $n is now. */
void kql_write_template(kql_writer *writer, const kql_node *node, const char *sql);

/* The function's SQL, its arguments with commas between, and a parenthesis. */
void kql_write_listing(kql_writer *writer, const kql_node *node);

/* convert.c: the value as one of that type. */
void kql_write_as(kql_writer *writer, const kql_node *node, kql_type type);
bool kql_converts(kql_type from, kql_type to);
#endif
