/* Text to tree, tree to SQL, SQL to a statement with its values bound. */
#include "kql.h"

#include <stdio.h>
#include <string.h>

#include "parser.h"
#include "sql_functions.h"
#include "time_text.h"
#include "write_query.h"

enum { MAX_MEMORY_BYTES = 32 * 1024 * 1024 };

static const char types_begin[] = "/*kql:";

static bool bind_time(sqlite3_stmt *statement, int index, int64_t ticks)
{
    char room[KQL_TIME_ROOM];
    desk_text text;
    return kql_datetime_write(ticks, room, &text) &&
           sqlite3_bind_text(statement, index, text.at, (int)text.size, SQLITE_TRANSIENT) == SQLITE_OK;
}

static bool bind_text(sqlite3_stmt *statement, int index, desk_text text)
{
    return sqlite3_bind_text64(statement, index, text.at ? text.at : "", text.size, SQLITE_TRANSIENT, SQLITE_UTF8) ==
           SQLITE_OK;
}

static bool bind_literal(sqlite3_stmt *statement, int index, const kql_node *literal)
{
    if (literal->is_null) return literal->type == DESK_KQL_STRING ? bind_text(statement, index, DESK_TEXT("")) : true;
    switch (literal->type) {
    case DESK_KQL_STRING:
    case DESK_KQL_DYNAMIC:
        return bind_text(statement, index, literal->text);
    case DESK_KQL_REAL:
        return sqlite3_bind_double(statement, index, literal->real) == SQLITE_OK;
    case DESK_KQL_DATETIME:
        return bind_time(statement, index, literal->integer);
    default:
        return sqlite3_bind_int64(statement, index, literal->integer) == SQLITE_OK;
    }
}

static bool bind_one(sqlite3_stmt *statement, int index, const kql_node *node, int64_t now)
{
    if (!node) return bind_time(statement, index, now);
    if (node->kind != KQL_PROPERTY) return bind_literal(statement, index, node);
    if (node->is_index) return sqlite3_bind_int64(statement, index, node->integer) == SQLITE_OK;
    return bind_text(statement, index, node->name);
}

static bool fail(kql_writer *writer, const char *expected, const char *words)
{
    kql_place place = writer->context->height ? writer->context->highest : (kql_place){1, 1};
    return kql_fail(writer->context, place, expected, "the database refuses the query: %s",
                    kql_show((desk_text){words, strlen(words)}).text);
}

/* SQLite's parser has a stack of 100 symbols, its trees a largest height: what it does not take as SQL is too deep. */
static bool fail_prepare(kql_writer *writer, int code)
{
    return fail(writer, code == SQLITE_ERROR ? "a simpler expression" : NULL, sqlite3_errmsg(writer->db));
}

static bool prepare(kql_writer *writer, sqlite3_stmt **statement)
{
    desk_text sql = desk_buffer_text(&writer->sql);
    if (writer->sql.failed) return fail(writer, NULL, "out of memory");
    int code = sqlite3_prepare_v2(writer->db, sql.at, (int)sql.size, statement, NULL);
    if (code != SQLITE_OK) return fail_prepare(writer, code);
    for (unsigned i = 0; i < writer->parameter_count; i++) {
        if (!bind_one(*statement, (int)i + 1, writer->parameters[i], writer->now))
            return fail(writer, NULL, "out of memory");
    }
    return sqlite3_stmt_readonly(*statement) || fail(writer, NULL, "it would change something");
}

static bool translate(kql_writer *writer, desk_text text, sqlite3_stmt **statement)
{
    if (text.size > DESK_KQL_MAX_BYTES)
        return kql_fail(writer->context, (kql_place){1, 1}, "at most 262144 bytes", "found a query of %zu bytes",
                        text.size);
    const kql_query *query = kql_parse(writer->context, text);
    if (!query || !kql_write_query(writer, query)) return false;
    if (!kql_sql_functions_add(writer->db)) return fail(writer, NULL, sqlite3_errmsg(writer->db));
    return prepare(writer, statement);
}

bool desk_kql_prepare(sqlite3 *db, const char *text, size_t size, int64_t now_unix_ns, sqlite3_stmt **statement,
                      desk_kql_error *error)
{
    kql_context context = {.error = error};
    kql_writer writer = {.context = &context, .db = db, .now = KQL_TICKS_OF_UNIX_EPOCH + now_unix_ns / 100};
    *statement = NULL;
    *error = (desk_kql_error){0};
    otel__json_arena_init(&context.arena, MAX_MEMORY_BYTES);
    bool done = translate(&writer, (desk_text){text ? text : "", size}, statement);
    if (!done) {
        sqlite3_finalize(*statement);
        *statement = NULL;
    }
    desk_buffer_release(&writer.sql);
    otel__json_arena_release(&context.arena);
    return done;
}

desk_kql_type desk_kql_column_type(sqlite3_stmt *statement, int column)
{
    const char *sql = sqlite3_sql(statement);
    size_t begin = sizeof types_begin - 1;
    if (!sql || column < 0 || strncmp(sql, types_begin, begin) != 0) return DESK_KQL_UNKNOWN;
    if ((size_t)column >= strspn(sql + begin, "01234567")) return DESK_KQL_UNKNOWN;
    return (desk_kql_type)(sql[begin + (size_t)column] - '0');
}
