/* The command line of the desk: `serve` receives log records, `query` shows them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/alert_post.h"
#include "query/query.h"
#include "server/serve.h"

static const char usage[] =
    "usage: collector_desk serve --db FILE [--listen ADDR:PORT] [--strict] [--any-age] [--ikey KEY]\n"
    "                            [--token FILE] [--host NAME] [--query-ms MS] [--delay MS] [--hang]\n"
    "                            [--fail STATUS[,RETRY-AFTER]] [--fail-items LIST] [--fail-first N] [--fail-location "
    "URL]\n"
    "                            [--alerts FILE] [--keep-days N] [--keep-bytes N]\n"
    "       collector_desk query --db FILE [--format table|json|csv] [--language kql|sql] QUERY\n"
    "\n"
    "serve   receives log records over OTLP/HTTP (POST /v1/logs), and what is sent to the Application Insights "
    "service\n"
    "        (POST /v2.1/track), and stores them in a SQLite database\n"
    "        --listen   default 127.0.0.1:4318; port 0 picks a free one\n"
    "        --token    ask everybody for what the file (or the variable DESK_TOKEN) holds\n"
    "        --host     a further name that browsers may call the desk by\n"
    "        --query-ms how long a question of the page may take, default 1000\n"
    "        --strict   refuse items of the service that a careful sender never sends\n"
    "        --any-age  take items of the service that are older than 48 hours or 2 hours ahead\n"
    "        --ikey     the only instrumentation key that is known\n"
    "        --alerts   evaluate the rules of this file\n"
    "        --keep-days, --keep-bytes  remove the oldest rows when they are older, or the database is larger: 7, 20G\n"
    "        --delay    hold every answer back for so many milliseconds\n"
    "        --hang     never answer\n"
    "        --fail     answer every request with this status and, if given, this Retry-After\n"
    "        --fail-items     answer 206 and refuse items: a list of -, sampled and statuses, used again and again\n"
    "        --fail-first     only so many requests fail\n"
    "        --fail-location  the Location of the answer\n"
    "query   prints the rows of one query: in KQL, the query language of Application Insights, or in SQL, which "
    "begins\n"
    "        with SELECT, WITH or VALUES\n";

static int complain(void)
{
    fputs(usage, stderr);
    return 2;
}

static int serve(int count, char **arguments)
{
    desk_serve_options options;
    return desk_serve_options_read(count, arguments, &options) ? desk_serve(&options) : 2;
}

static int query(int count, char **arguments)
{
    desk_query_options options;
    return desk_query_options_read(count, arguments, &options) ? desk_query(&options) : 2;
}

int main(int count, char **arguments)
{
    const char *command = count > 1 ? arguments[1] : "";
    if (strcmp(command, "serve") == 0) return serve(count - 2, arguments + 2);
    if (strcmp(command, "query") == 0) return query(count - 2, arguments + 2);
    if (strcmp(command, "post") == 0 && count == 2) return desk_post(); /* the desk's own, see alert_errand.c */
    if (strcmp(command, "--help") != 0 && strcmp(command, "-h") != 0) return complain();
    fputs(usage, stdout);
    return EXIT_SUCCESS;
}
