/* Opens the database for reading, makes the query a statement, hands its rows to the format. */
#include "query.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../site/ask_sql.h"
#include "../site/reader.h"
#include "../kql/kql.h"
#include "query_rows.h"

enum { LOCK_WAIT_MS = 2000 };

bool desk_query_complain(const char *words)
{
    fprintf(stderr, "collector_desk: %s\n", words);
    return false;
}

static bool complain_of_database(sqlite3 *database)
{
    return desk_query_complain(sqlite3_errmsg(database));
}

/* line 0: the place is not known. */
static bool complain_of_query(unsigned line, unsigned column, const char *message, const char *expected)
{
    fputs("collector_desk: ", stderr);
    if (line) fprintf(stderr, "line %u, column %u: ", line, column);
    fprintf(stderr, "%s%s%s\n", message, *expected ? "; expected " : "", expected);
    return false;
}

static bool prepare_sql(sqlite3 *database, desk_text text, sqlite3_stmt **statement)
{
    desk_mistake mistake = {0};
    int code;
    *statement = desk_prepare_sql(database, text, &code, &mistake);
    if (!*statement && !*mistake.message) return complain_of_database(database);
    if (!*statement)
        return complain_of_query((unsigned)mistake.line, (unsigned)mistake.column, mistake.message, mistake.expected);
    return sqlite3_stmt_readonly(*statement) || desk_query_complain("only queries: this statement does something else");
}

static bool prepare_kql(sqlite3 *database, desk_text text, sqlite3_stmt **statement)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t now_unix_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    desk_kql_error error;
    return desk_kql_prepare(database, text.at, text.size, now_unix_ns, statement, &error) ||
           complain_of_query(error.line, error.column, error.message, error.expected);
}

static bool prepare(sqlite3 *database, const desk_query_options *options, sqlite3_stmt **statement)
{
    desk_text text = {options->text, strlen(options->text)};
    bool is_sql =
        options->language == DESK_LANGUAGE_SQL || (options->language == DESK_LANGUAGE_FOUND_OUT && desk_is_sql(text));
    return is_sql ? prepare_sql(database, text, statement) : prepare_kql(database, text, statement);
}

static bool run(const desk_query_options *options, sqlite3 **database, sqlite3_stmt **statement)
{
    static bool (*const printers[])(sqlite3_stmt * statement) = {
        [DESK_FORMAT_TABLE] = desk_print_table,
        [DESK_FORMAT_JSON] = desk_print_json,
        [DESK_FORMAT_CSV] = desk_print_csv,
    };
    if (sqlite3_open_v2(options->database, database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return complain_of_database(*database);
    sqlite3_busy_timeout(*database, LOCK_WAIT_MS);
    if (sqlite3_exec(*database, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) return complain_of_database(*database);
    desk_reader_restrict(*database);
    return prepare(*database, options, statement) && printers[options->format](*statement);
}

int desk_query(const desk_query_options *options)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    bool printed = run(options, &database, &statement);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return printed ? EXIT_SUCCESS : EXIT_FAILURE;
}
