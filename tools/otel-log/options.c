/* Reads the command line; everything wrong is said before anything is sent. The table below is all there is to know
 * about the options: it is what getopt gets, and what --help prints. */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "attribute.h"
#include "timestamp.h"
#include "trace.h"

enum { MEMORY_LIMIT_BYTES = 64 * 1024 * 1024 };

typedef struct row {
    const char *name;
    char letter;          /* '\0': none */
    const char *argument; /* NULL: takes none */
    /* NULL: value is the action, and nothing else is read. */
    bool (*read)(otel__options *options, const struct row *r, const char *text);
    size_t value;     /* for read: which field, or which value */
    const char *help; /* a newline goes on in the same column */
} row;

static bool refuse(const char *option, const char *value, const char *words)
{
    fprintf(stderr, "otel-log: %s '%s': %s\n", option, value, words);
    return false;
}

static bool read_severity(otel__options *options, const row *r, const char *text)
{
    (void)r;
    if (otel_severity_parse(text, strlen(text), &options->severity)) return true;
    return refuse("--severity", text, "neither a severity's name nor a number from 0 to 24");
}

static bool read_time(otel__options *options, const row *r, const char *text)
{
    (void)r;
    if (otel__timestamp_read(text, strlen(text), &options->time_unix_nano)) return true;
    return refuse("--time", text, "neither RFC 3339 nor Unix nanoseconds");
}

static bool read_attribute(otel__options *options, const row *r, const char *text)
{
    (void)r;
    const char *wrong = otel__attribute_read(&options->memory, text, &options->attributes[options->attribute_count]);
    if (wrong) /* values may be secret */
        fprintf(stderr, "otel-log: --attr '%.*s': %s\n", (int)strcspn(text, "="), text, wrong);
    else
        options->attribute_count++;
    return !wrong;
}

static bool read_event(otel__options *options, const row *r, const char *text)
{
    (void)r;
    if (*text == '\0') return refuse("--event", text, "a name is missing");
    options->event = (otel_str){text, strlen(text)};
    return true;
}

/* The last '@' separates, unless it is the first character: names of packages may begin with one. */
static bool read_scope(otel__options *options, const row *r, const char *text)
{
    (void)r;
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

static bool set_form(otel__options *options, const row *r, const char *text)
{
    (void)text;
    otel__form form = (otel__form)r->value;
    bool first = options->form == OTEL__FORM_TEXT || options->form == form;
    if (!first) fputs("otel-log: --json, --body-json and --journal exclude one another\n", stderr);
    options->form = form;
    return first;
}

static bool set_flag(otel__options *options, const row *r, const char *text)
{
    (void)text;
    return *(bool *)((char *)options + r->value) = true;
}

static bool set_exception(otel__options *options, const row *r, const char *text)
{
    options->exception[r->value] = text;
    return true;
}

static bool read_follow(otel__options *options, const row *r, const char *text)
{
    (void)r;
    if (*text == '\0') return refuse("--follow", text, "a file's name is missing");
    options->files[options->file_count++] = text;
    return true;
}

static bool read_timeout(otel__options *options, const row *r, const char *text)
{
    (void)r;
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

static bool read_traceparent(otel__options *options, const row *r, const char *text)
{
    (void)r;
    options->traceparent = text;
    return otel__trace_is_traceparent(text) ||
           refuse("--traceparent", text, "not of the form 00-<32 digits>-<16 digits>-01");
}

/* What it holds may be secret. */
static bool read_baggage(otel__options *options, const row *r, const char *text)
{
    (void)r;
    options->baggage = text;
    return otel__trace_is_baggage(text) || refuse("--baggage", "...", "not of the form key=value,key=value");
}

static const row rows[] = {
    {"severity", 's', "NAME|0..24", read_severity, 0,
     "of records that name none: TRACE DEBUG INFO WARN ERROR FATAL,\n"
     "each with 2 to 4 behind it, or a number, 0 for none (INFO)"},
    {"time", 't', "TIME", read_time, 0, "of records that name none: RFC 3339, or Unix nanoseconds"},
    {"attr", 'a', "KEY[:TYPE]=VALUE", read_attribute, 0,
     "an attribute of every record; TYPE is string, int, double, bool,\n"
     "json or bytes (in base64); may be repeated"},
    {"event", 'e', "NAME", read_event, 0, "the event name of records that name none"},
    {"exception-type", '\0', "TYPE", set_exception, 0, "an exception, of records that name none: its type,"},
    {"exception-message", '\0', "TEXT", set_exception, 1, "its message,"},
    {"exception-stacktrace", '\0', "TEXT", set_exception, 2, "and its stack trace"},
    {"scope", '\0', "NAME[@VERSION]", read_scope, 0, "the instrumentation scope (otel-log)"},
    {"json", '\0', NULL, set_form, OTEL__FORM_JSON,
     "each line is a JSON object: time, observed_time, severity,\n"
     "severity_text, body, event, attributes, exception, trace_id,\n"
     "span_id, trace_flags, scope; other keys become attributes"},
    {"body-json", '\0', NULL, set_form, OTEL__FORM_JSON_BODY, "each line, or the message, is a JSON value: the body"},
    {"journal", '\0', NULL, set_form, OTEL__FORM_JOURNAL,
     "each line is an entry of the journal, from journalctl -o json"},
    {"prio-prefix", '\0', NULL, set_flag, offsetof(otel__options, prio_prefix),
     "a line may begin with its priority in syslog, as in <3>disk full"},
    {"follow", '\0', "FILE", read_follow, 0,
     "send what is appended to FILE, and to its successors when it is\n"
     "rotated, until a signal comes; may be repeated"},
    {"from-start", '\0', NULL, set_flag, offsetof(otel__options, from_start),
     "with --follow: begin with what FILE holds already"},
    {"tee", '\0', NULL, set_flag, offsetof(otel__options, tee), "copy what is read to standard output"},
    {"traceparent", '\0', "VALUE", read_traceparent, 0, "the trace and span that records belong to (TRACEPARENT)"},
    {"baggage", '\0', "KEY=VALUE,...", read_baggage, 0, "the baggage that goes along (BAGGAGE)"},
    {"capture", '\0', NULL, set_flag, offsetof(otel__options, capture),
     "with exec: each line that the command prints is a record too,\nof its standard error a warning"},
    {"timeout", '\0', "MS", read_timeout, 0, "how long to wait at the end for what is queued (5000)"},
    {"stats", '\0', NULL, set_flag, offsetof(otel__options, stats),
     "at the end, one JSON object on standard error: what became of\nthe records"},
    {"help", '\0', NULL, NULL, OTEL__ACTION_HELP, "print this"},
    {"version", '\0', NULL, NULL, OTEL__ACTION_VERSION, "print the version"},
};

enum { ROWS = sizeof rows / sizeof rows[0], FIRST_LONG = 256, HELP_COLUMN = 35 };

static int print_option(FILE *out, const row *r)
{
    int printed = r->letter ? fprintf(out, "  -%c, --%s", r->letter, r->name) : fprintf(out, "      --%s", r->name);
    return printed + (r->argument ? fprintf(out, " %s", r->argument) : 0);
}

static void print_row(FILE *out, const row *r)
{
    int column = print_option(out, r);
    for (const char *at = r->help; *at;) {
        int size = (int)strcspn(at, "\n");
        fprintf(out, "%*s%.*s", HELP_COLUMN - column, "", size, at);
        at += size;
        column = 0;
        if (*at && fputs("\n", out) >= 0) at++;
    }
    fputs("\n", out);
}

void otel__options_print_help(FILE *out)
{
    fputs("Usage: otel-log [options] [--] message...\n"
          "       otel-log [options] < lines\n"
          "       otel-log [options] --follow FILE\n"
          "       otel-log exec [options] -- command...\n"
          "Sends a message, or each line of standard input or of files, as a log record of OpenTelemetry. With exec,\n"
          "runs a command in a span of its own, and sends a record when it has ended.\n"
          "\n",
          out);
    for (size_t i = 0; i < ROWS; i++) print_row(out, &rows[i]);
    fputs("\n"
          "The environment says where to: OTEL_LOGS_EXPORTER (otlp, console, ...), OTEL_EXPORTER_OTLP_ENDPOINT,\n"
          "OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and so on.\n"
          "\n"
          "Exit status: 0 all records were exported, 1 some were not, 2 wrong usage. Of exec: the command's, 127 when\n"
          "there is none of that name.\n",
          out);
}

typedef struct getopt_tables {
    char letters[2 * ROWS + 2];
    struct option names[ROWS + 1];
} getopt_tables;

/* The '+': the first word that is no option begins the message. */
static void fill_tables(getopt_tables *tables)
{
    char *letter = tables->letters;
    *letter++ = '+';
    for (int i = 0; i < ROWS; i++) {
        int argument = rows[i].argument ? required_argument : no_argument;
        tables->names[i] = (struct option){rows[i].name, argument, NULL, FIRST_LONG + i};
        if (rows[i].letter) *letter++ = rows[i].letter;
        if (rows[i].letter && rows[i].argument) *letter++ = ':';
    }
    tables->names[ROWS] = (struct option){0};
    *letter = '\0';
}

static const row *find_row(int option)
{
    if (option >= FIRST_LONG) return &rows[option - FIRST_LONG];
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].letter && rows[i].letter == option) return &rows[i];
    }
    return NULL; /* getopt has said what is wrong */
}

static otel__action read_all(otel__options *options, int argc, char *const *argv)
{
    getopt_tables tables;
    int option;
    fill_tables(&tables);
    optind = 0; /* from the beginning, also when called again */
    while ((option = getopt_long(argc, argv, tables.letters, tables.names, NULL)) != -1) {
        const row *r = find_row(option);
        if (r && !r->read) return (otel__action)r->value;
        if (!r || !r->read(options, r, optarg)) return OTEL__ACTION_REFUSE;
    }
    options->words = (const char *const *)(argv + optind);
    options->word_count = (size_t)(argc - optind);
    return OTEL__ACTION_SEND;
}

static const char *wrong_with_exec(const otel__options *options)
{
    if (!options->exec) return options->capture ? "--capture is for exec" : NULL;
    if (options->word_count == 0) return "exec needs a command";
    if (options->file_count > 0 || options->tee) return "exec excludes --follow and --tee";
    return options->form != OTEL__FORM_TEXT ? "exec takes lines of text" : NULL;
}

static otel__action check_combination(const otel__options *options)
{
    const char *wrong = wrong_with_exec(options);
    if (options->file_count > 0 && options->word_count > 0) wrong = "a message and --follow exclude one another";
    if (options->file_count == 0 && options->from_start) wrong = "--from-start is for --follow";
    if (options->form == OTEL__FORM_JOURNAL && options->prio_prefix)
        wrong = "entries of the journal have no --prio-prefix";
    if (!wrong) return OTEL__ACTION_SEND;
    fprintf(stderr, "otel-log: %s\n", wrong);
    return OTEL__ACTION_REFUSE;
}

/* The arrays have room for every word of the command line. */
static bool prepare(otel__options *options, int argc)
{
    *options = (otel__options){
        .severity = OTEL_SEVERITY_INFO, .scope_name = "otel-log", .timeout_ms = OTEL__DEFAULT_TIMEOUT_MS};
    size_t room = (size_t)argc + 1;
    otel__json_arena_init(&options->memory, MEMORY_LIMIT_BYTES);
    options->attributes = otel__json_allocate(&options->memory, room * sizeof *options->attributes);
    options->files = otel__json_allocate(&options->memory, room * sizeof *options->files);
    if (options->attributes && options->files) return true;
    return refuse("the command line", "", "out of memory");
}

otel__action otel__options_read(otel__options *options, int argc, char *const *argv)
{
    bool exec = argc > 1 && strcmp(argv[1], "exec") == 0;
    otel__action action = prepare(options, argc) ? read_all(options, argc - exec, argv + exec) : OTEL__ACTION_REFUSE;
    options->exec = exec;
    if (action == OTEL__ACTION_SEND) action = check_combination(options);
    if (action == OTEL__ACTION_REFUSE) fputs("otel-log: see otel-log --help; nothing was sent\n", stderr);
    return action;
}

void otel__options_release(otel__options *options)
{
    otel__json_arena_release(&options->memory);
}
