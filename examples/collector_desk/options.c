/* Reads the options of `serve`; a wrong one ends the program before it listens. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DELAY_MS = 24 * 60 * 60 * 1000, MAX_QUERY_MS = 60 * 1000 };

static bool complain(const char *option, const char *words)
{
    fprintf(stderr, "collector_desk: %s %s\n", option, words);
    return false;
}

/* Digits up to the end or a comma; *rest is what follows the comma, NULL without one. */
static bool read_number(const char *text, unsigned limit, unsigned *out, const char **rest)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || (text[digits] && text[digits] != ',')) return false;
    unsigned long value = strtoul(text, NULL, 10);
    *rest = text[digits] ? text + digits + 1 : NULL;
    *out = (unsigned)value;
    return value <= limit;
}

static bool is_header_value(const char *text)
{
    for (; *text; text++) {
        if (*text < 0x20 || *text > 0x7e) return false;
    }
    return true;
}

static bool read_fail(const char *text, desk_serve_options *options)
{
    bool good = read_number(text, 599, &options->fail_status, &options->fail_retry_after);
    const char *after = options->fail_retry_after;
    if (options->fail_status < 300 || (good && after && (!*after || !is_header_value(after)))) good = false;
    return good || complain("--fail", "takes a status from 300 to 599 and, behind a comma, a Retry-After value");
}

static bool read_delay(const char *text, desk_serve_options *options)
{
    const char *rest;
    bool good = read_number(text, MAX_DELAY_MS, &options->delay_ms, &rest) && !rest;
    return good || complain("--delay", "takes milliseconds, at most a day of them");
}

static bool read_query_ms(const char *text, desk_serve_options *options)
{
    const char *rest;
    bool good = read_number(text, MAX_QUERY_MS, &options->query_ms, &rest) && !rest && options->query_ms;
    return good || complain("--query-ms", "takes milliseconds, at most a minute of them");
}

static bool read_option(const char *name, const char *value, desk_serve_options *options)
{
    if (!value) return complain(name, "is unknown or lacks its value");
    if (strcmp(name, "--fail") == 0) return read_fail(value, options);
    if (strcmp(name, "--delay") == 0) return read_delay(value, options);
    if (strcmp(name, "--query-ms") == 0) return read_query_ms(value, options);
    if (strcmp(name, "--token") == 0)
        options->token_file = value;
    else if (strcmp(name, "--host") == 0)
        options->host = value;
    else if (strcmp(name, "--listen") == 0)
        options->listen = value;
    else if (strcmp(name, "--db") == 0)
        options->database = value;
    else
        return complain(name, "is unknown");
    return true;
}

bool desk_serve_options_read(int count, char **arguments, desk_serve_options *options)
{
    *options = (desk_serve_options){.listen = "127.0.0.1:4318", .query_ms = 1000};
    for (int i = 0; i < count; i++) {
        if (strcmp(arguments[i], "--hang") == 0) {
            options->hang = true;
            continue;
        }
        if (!read_option(arguments[i], i + 1 < count ? arguments[i + 1] : NULL, options)) return false;
        i++;
    }
    return options->database || complain("--db", "is missing: where is the database?");
}
