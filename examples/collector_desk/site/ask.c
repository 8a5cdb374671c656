/* Runs a question within bounds of time, rows and bytes, and writes what it finds as JSON. */
#include "ask.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ask_body.h"
#include "ask_sql.h"
#include "../server/holding.h"
#include "json_rows.h"
#include "../kql/kql.h"
#include "reader.h"

#define ARENA_BYTES ((size_t)1024 * 1024)

typedef struct asking {
    uint64_t begun_ms;
    unsigned limit_ms;
    desk_reader reader;
    desk_json_rows rows;
    desk_mistake mistake;
    desk_buffer *out;
} asking;

static void put_member(desk_buffer *out, const char *name, const char *text)
{
    desk_put_words(out, name);
    desk_put_json_string(out, (desk_text){text, strlen(text)});
}

static unsigned write_mistake(asking *a, unsigned status)
{
    desk_buffer_clear(a->out);
    desk_put_words(a->out, "{\"error\":{");
    if (a->mistake.line) {
        desk_put_words(a->out, "\"line\":");
        desk_put_int(a->out, a->mistake.line);
        desk_put_words(a->out, ",\"column\":");
        desk_put_int(a->out, a->mistake.column);
        desk_put_words(a->out, ",");
    }
    put_member(a->out, "\"message\":", a->mistake.message);
    if (*a->mistake.expected) put_member(a->out, ",\"expected\":", a->mistake.expected);
    desk_put_words(a->out, "}}");
    return status;
}

static unsigned complain(asking *a, unsigned status, const char *words)
{
    a->mistake = (desk_mistake){0};
    snprintf(a->mistake.message, sizeof a->mistake.message, "%s", words);
    return write_mistake(a, status);
}

/* The database's own troubles pass; a query's do not. */
static bool is_trouble(int code)
{
    static const int troubles[] = {SQLITE_BUSY,     SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_IOERR,   SQLITE_CORRUPT,
                                   SQLITE_CANTOPEN, SQLITE_NOTADB, SQLITE_FULL,  SQLITE_READONLY};
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        if ((code & 0xff) == troubles[i]) return true;
    }
    return false;
}

static unsigned complain_of_database(asking *a, int code)
{
    char words[200];
    if (is_trouble(code)) {
        snprintf(words, sizeof words, "the database cannot be asked: %s", sqlite3_errstr(code));
        return complain(a, 503, words);
    }
    if ((code & 0xff) != SQLITE_INTERRUPT) return complain(a, 400, sqlite3_errmsg(a->reader.database));
    snprintf(words, sizeof words, "the query took longer than %u ms and was ended; a shorter span of time helps",
             a->limit_ms);
    return complain(a, 400, words);
}

static unsigned write_rows(asking *a)
{
    desk_json_rows_write(&a->rows, a->out);
    desk_put_words(a->out, ",\"elapsed_ms\":");
    desk_put_int(a->out, (int64_t)(desk_now_ms() - a->begun_ms));
    desk_put_words(a->out, "}");
    return a->out->failed || a->rows.text.failed ? complain(a, 503, "out of memory") : 200;
}

/* Rows that were found before the time was over are shown. */
static unsigned run(asking *a, sqlite3_stmt *statement)
{
    int code = desk_json_rows_read(&a->rows, statement);
    bool some = (code & 0xff) == SQLITE_INTERRUPT && a->rows.count > 0;
    return code == SQLITE_DONE || some ? write_rows(a) : complain_of_database(a, code);
}

static int64_t unix_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* A database that cannot be read makes every name an unknown one: then it is the database's fault. */
static sqlite3_stmt *prepare(asking *a, desk_text query, int *code)
{
    sqlite3_stmt *statement = NULL;
    desk_kql_error error;
    if (desk_is_sql(query)) return desk_prepare_sql(a->reader.database, query, code, &a->mistake);
    if (desk_kql_prepare(a->reader.database, query.at, query.size, unix_ns(), &statement, &error)) return statement;
    *code = sqlite3_extended_errcode(a->reader.database);
    a->mistake = (desk_mistake){.line = (int)error.line, .column = (int)error.column};
    snprintf(a->mistake.message, sizeof a->mistake.message, "%s", error.message);
    snprintf(a->mistake.expected, sizeof a->mistake.expected, "%s", error.expected);
    return NULL;
}

static unsigned ask_database(asking *a, const char *path, desk_text query)
{
    int code = desk_reader_open(&a->reader, path, a->begun_ms + a->limit_ms);
    if (code != SQLITE_OK) return complain_of_database(a, code);
    sqlite3_stmt *statement = prepare(a, query, &code);
    if (!statement) return is_trouble(code) ? complain_of_database(a, code) : write_mistake(a, 400);
    unsigned status = run(a, statement);
    sqlite3_finalize(statement);
    return status;
}

unsigned desk_ask(const desk_serve_options *options, const char *content_type, desk_text body, desk_buffer *out)
{
    asking a = {.begun_ms = desk_now_ms(), .limit_ms = options->query_ms, .out = out};
    otel__json_arena arena;
    otel__json_arena_init(&arena, ARENA_BYTES);
    desk_failure failure = {0};
    desk_text query;
    unsigned status;
    if (desk_ask_body(&arena, content_type, body, &query, &failure)) {
        status = ask_database(&a, options->database, query);
        desk_reader_close(&a.reader);
    } else {
        status = complain(&a, failure.status, failure.reason);
    }
    desk_json_rows_release(&a.rows);
    otel__json_arena_release(&arena);
    return status;
}
