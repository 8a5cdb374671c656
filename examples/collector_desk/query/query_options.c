/* Reads the options of `query`. */
#include "query_options.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static bool complain(const char *option, const char *words)
{
    fprintf(stderr, "collector_desk: %s %s\n", option, words);
    return false;
}

/* The place of a word in a list; -1: it is not there. */
static int find(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], word) == 0) return i;
    }
    return -1;
}

static bool read_format(const char *value, desk_query_options *options)
{
    static const char *const formats[] = {"table", "json", "csv", NULL};
    int found = find(formats, value);
    if (found >= 0) options->format = (desk_query_format)found;
    return found >= 0 || complain("--format", "is table, json or csv");
}

static bool read_language(const char *value, desk_query_options *options)
{
    static const char *const languages[] = {"auto", "kql", "sql", NULL};
    int found = find(languages, value);
    if (found >= 0) options->language = (desk_query_language)found;
    return found >= 0 || complain("--language", "is kql or sql, or auto");
}

static bool read_option(const char *name, const char *value, desk_query_options *options)
{
    if (!value) return complain(name, "is unknown or lacks its value");
    if (strcmp(name, "--format") == 0) return read_format(value, options);
    if (strcmp(name, "--language") == 0) return read_language(value, options);
    if (strcmp(name, "--db") != 0) return complain(name, "is unknown");
    options->database = value;
    return true;
}

static bool read_query(const char *text, desk_query_options *options)
{
    if (options->text) return complain("query", "takes one query: is it in quotes?");
    options->text = text;
    return true;
}

bool desk_query_options_read(int count, char **arguments, desk_query_options *options)
{
    *options = (desk_query_options){0};
    for (int i = 0; i < count; i++) {
        bool is_option = strncmp(arguments[i], "--", 2) == 0 && arguments[i][2] > ' ';
        if (!is_option && !read_query(arguments[i], options)) return false;
        if (!is_option) continue;
        if (!read_option(arguments[i], i + 1 < count ? arguments[i + 1] : NULL, options)) return false;
        i++;
    }
    if (!options->database) return complain("--db", "is missing: where is the database?");
    return options->text || complain("query", "lacks the query");
}
