/* Reads the command line; everything wrong is said before anything is sent. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"

enum { MEMORY_LIMIT_BYTES = 64 * 1024 * 1024 };
enum { LONG_SCOPE = 256, LONG_TIMEOUT, LONG_STATS, LONG_JSON, LONG_HELP, LONG_VERSION };

const char otel__options_help[] =
    "Usage: otel-log [options] [--] message...\n"
    "       otel-log [options] < lines\n"
    "Sends a message, or each line of standard input, as a log record of OpenTelemetry.\n"
    "\n"
    "  -s, --severity NAME|0..24       of records that name none: TRACE DEBUG INFO WARN ERROR FATAL,\n"
    "                                  each with 2 to 4 behind it, or a number, 0 for none (INFO)\n"
    "  -a, --attr KEY[:TYPE]=VALUE     an attribute of every record; TYPE is string, int, double, bool,\n"
    "                                  json or bytes (in base64); may be repeated\n"
    "  -e, --event NAME                the event name of records that name none\n"
    "      --json                      each line is a JSON object: time, observed_time, severity, severity_text,\n"
    "                                  body, event, attributes, exception, trace_id, span_id, trace_flags, scope;\n"
    "                                  other keys become attributes\n"
    "      --scope NAME[@VERSION]      the instrumentation scope (otel-log)\n"
    "      --timeout MS                how long to wait at the end for what is queued (5000)\n"
    "      --stats                     at the end, one JSON object on standard error: what became of the records\n"
    "      --help, --version\n"
    "\n"
    "The environment says where to: OTEL_LOGS_EXPORTER (otlp, console, ...), OTEL_EXPORTER_OTLP_ENDPOINT,\n"
    "OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and so on.\n"
    "\n"
    "Exit status: 0 all records were exported, 1 some were not, 2 wrong usage.\n";

static const char short_options[] = "+s:a:e:";
static const struct option long_options[] = {
    {"severity", required_argument, NULL, 's'},     {"attr", required_argument, NULL, 'a'},
    {"event", required_argument, NULL, 'e'},        {"json", no_argument, NULL, LONG_JSON},
    {"scope", required_argument, NULL, LONG_SCOPE}, {"timeout", required_argument, NULL, LONG_TIMEOUT},
    {"stats", no_argument, NULL, LONG_STATS},       {"help", no_argument, NULL, LONG_HELP},
    {"version", no_argument, NULL, LONG_VERSION},   {NULL, 0, NULL, 0},
};

static bool refuse(const char *option, const char *value, const char *words)
{
    fprintf(stderr, "otel-log: %s '%s': %s\n", option, value, words);
    return false;
}

static bool read_severity(otel__options *options, const char *text)
{
    if (otel_severity_parse(text, strlen(text), &options->severity)) return true;
    return refuse("--severity", text, "neither a severity's name nor a number from 0 to 24");
}

/* The array has room for every word of the command line. */
static bool read_attribute(otel__options *options, otel_attr *attributes, const char *text)
{
    const char *wrong = otel__attribute_read(&options->memory, text, &attributes[options->attribute_count]);
    if (!wrong)
        options->attribute_count++;
    else
        fprintf(stderr, "otel-log: --attr '%.*s': %s\n", (int)strcspn(text, "="), text,
                wrong); /* values may be secret */
    return !wrong;
}

static bool read_event(otel__options *options, const char *text)
{
    if (*text == '\0') return refuse("--event", text, "a name is missing");
    options->event = (otel_str){text, strlen(text)};
    return true;
}

/* The last '@' separates, unless it is the first character: names of packages may begin with one. */
static bool read_scope(otel__options *options, const char *text)
{
    const char *at = strrchr(text, '@');
    if (at == text) at = NULL;
    size_t name_size = at ? (size_t)(at - text) : strlen(text);
    if (name_size == 0) return refuse("--scope", text, "a name is missing");
    char *name = otel__json_allocate(&options->memory, name_size + 1);
    if (!name) return refuse("--scope", text, "out of memory");
    memcpy(name, text, name_size);
    name[name_size] = '\0';
    options->scope_name = name;
    options->scope_version = at && at[1] ? at + 1 : NULL;
    return true;
}

static bool read_timeout(otel__options *options, const char *text)
{
    uint64_t value = 0;
    bool number = *text != '\0';
    for (const char *at = text; *at && number; at++) {
        number = *at >= '0' && *at <= '9' && value <= UINT32_MAX;
        if (number) value = value * 10u + (uint64_t)(*at - '0');
    }
    if (!number || value > UINT32_MAX) return refuse("--timeout", text, "not a number of milliseconds");
    options->timeout_ms = (uint32_t)value;
    return true;
}

static bool read_option(otel__options *options, otel_attr *attributes, int option, const char *value)
{
    switch (option) {
    case 's':
        return read_severity(options, value);
    case 'a':
        return read_attribute(options, attributes, value);
    case 'e':
        return read_event(options, value);
    case LONG_SCOPE:
        return read_scope(options, value);
    case LONG_TIMEOUT:
        return read_timeout(options, value);
    case LONG_STATS:
        return options->stats = true;
    case LONG_JSON:
        return options->json = true;
    default:
        return false; /* getopt has said what is wrong */
    }
}

static otel__action read_all(otel__options *options, otel_attr *attributes, int argc, char *const *argv)
{
    optind = 0; /* from the beginning, also when called again */
    for (;;) {
        int option = getopt_long(argc, argv, short_options, long_options, NULL);
        if (option == -1) return OTEL__ACTION_SEND;
        if (option == LONG_HELP) return OTEL__ACTION_HELP;
        if (option == LONG_VERSION) return OTEL__ACTION_VERSION;
        if (!read_option(options, attributes, option, optarg)) return OTEL__ACTION_REFUSE;
    }
}

otel__action otel__options_read(otel__options *options, int argc, char *const *argv)
{
    *options = (otel__options){
        .severity = OTEL_SEVERITY_INFO, .scope_name = "otel-log", .timeout_ms = OTEL__DEFAULT_TIMEOUT_MS};
    otel__json_arena_init(&options->memory, MEMORY_LIMIT_BYTES);
    otel_attr *attributes = otel__json_allocate(&options->memory, ((size_t)argc + 1) * sizeof *attributes);
    if (!attributes) {
        refuse("the command line", "", "out of memory");
        return OTEL__ACTION_REFUSE;
    }
    options->attributes = attributes;
    otel__action action = read_all(options, attributes, argc, argv);
    if (action == OTEL__ACTION_REFUSE) fputs("otel-log: see otel-log --help; nothing was sent\n", stderr);
    if (action != OTEL__ACTION_SEND) return action;
    options->words = (const char *const *)(argv + optind);
    options->word_count = (size_t)(argc - optind);
    return action;
}

void otel__options_release(otel__options *options)
{
    otel__json_arena_release(&options->memory);
}
