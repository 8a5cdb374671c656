/* Reads the options of `serve`; a wrong one ends the program before it listens. */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DELAY_MS = 24 * 60 * 60 * 1000, MAX_QUERY_MS = 60 * 1000, MAX_KEEP_DAYS = 36500 };
#define LEAST_KEEP_BYTES ((uint64_t)1024 * 1024)

static bool complain(const char *option, const char *words)
{
    fprintf(stderr, "collector_desk: %s %s\n", option, words);
    return false;
}

static bool read_number(const char *text, unsigned limit, unsigned *out)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9 || text[digits]) return false;
    *out = (unsigned)strtoul(text, NULL, 10);
    return *out <= limit;
}

static bool read_delay(const char *text, desk_serve_options *options)
{
    return read_number(text, MAX_DELAY_MS, &options->delay_ms) ||
           complain("--delay", "takes milliseconds, at most a day of them");
}

static bool read_query_ms(const char *text, desk_serve_options *options)
{
    bool good = read_number(text, MAX_QUERY_MS, &options->query_ms) && options->query_ms;
    return good || complain("--query-ms", "takes milliseconds, at most a minute of them");
}

static bool read_keep_days(const char *text, desk_serve_options *options)
{
    bool good = read_number(text, MAX_KEEP_DAYS, &options->keep_days) && options->keep_days;
    return good || complain("--keep-days", "takes days, from 1 to 36500");
}

/* Bytes, or K, M, G, T of them. */
static bool read_keep_bytes(const char *text, desk_serve_options *options)
{
    static const char units[] = "KMGT";
    size_t digits = strspn(text, "0123456789");
    const char *unit = text[digits] ? strchr(units, text[digits]) : NULL;
    unsigned shift = unit ? (unsigned)(unit - units + 1) * 10 : 0;
    bool good = digits > 0 && digits <= 16 && text[digits + (unit != NULL)] == '\0';
    uint64_t number = good ? strtoull(text, NULL, 10) : 0;
    options->keep_bytes = number << shift;
    good = number <= UINT64_C(1) << (60 - shift) && options->keep_bytes >= LEAST_KEEP_BYTES;
    return good || complain("--keep-bytes", "takes bytes, at least 1M: 500M, 20G");
}

static bool read_option(const char *name, const char *value, desk_serve_options *options)
{
    bool known;
    if (!value) return complain(name, "is unknown or lacks its value");
    bool good = desk_orders_read(&options->orders, name, value, &known);
    if (known) return good;
    if (strcmp(name, "--delay") == 0) return read_delay(value, options);
    if (strcmp(name, "--query-ms") == 0) return read_query_ms(value, options);
    if (strcmp(name, "--keep-days") == 0) return read_keep_days(value, options);
    if (strcmp(name, "--keep-bytes") == 0) return read_keep_bytes(value, options);
    if (strcmp(name, "--token") == 0)
        options->token_file = value;
    else if (strcmp(name, "--host") == 0)
        options->host = value;
    else if (strcmp(name, "--listen") == 0)
        options->listen = value;
    else if (strcmp(name, "--db") == 0)
        options->database = value;
    else if (strcmp(name, "--ikey") == 0)
        options->rules.ikey = value;
    else if (strcmp(name, "--alerts") == 0)
        options->alerts = value;
    else
        return complain(name, "is unknown");
    return true;
}

static bool read_flag(const char *name, desk_serve_options *options)
{
    bool *flag = strcmp(name, "--hang") == 0      ? &options->hang
                 : strcmp(name, "--strict") == 0  ? &options->rules.strict
                 : strcmp(name, "--any-age") == 0 ? &options->rules.any_age
                                                  : NULL;
    if (flag) *flag = true;
    return flag != NULL;
}

bool desk_serve_options_read(int count, char **arguments, desk_serve_options *options)
{
    *options = (desk_serve_options){.listen = "127.0.0.1:4318", .query_ms = 1000};
    for (int i = 0; i < count; i++) {
        if (read_flag(arguments[i], options)) continue;
        if (!read_option(arguments[i], i + 1 < count ? arguments[i + 1] : NULL, options)) return false;
        i++;
    }
    if (!options->database) return complain("--db", "is missing: where is the database?");
    return desk_orders_check(&options->orders);
}
