/* otel-log: sends log records from a shell, in the manner of logger(1). Reads options, starts the SDK, hands over
 * records, stops the SDK, and says what became of them. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <otel/otel.h>

#include "books.h"
#include "json_record.h"
#include "lines.h"
#include "options.h"
#include "stopper.h"

enum { STATUS_EXPORTED = 0, STATUS_NOT_EXPORTED = 1, STATUS_USAGE = 2 };

typedef struct run {
    otel__options options;
    otel__json_records json;
    uint64_t lines;
    uint64_t malformed;
    uint64_t unsent;
    bool failed;
} run;

static otel_logger logger; /* of every record that names no scope */

/* A descriptor of the SDK's must not become one of these. */
static void keep_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", O_RDWR);
    }
}

static void send_text(const run *r, const char *text, size_t size)
{
    const otel__options *options = &r->options;
    otel_log_record record = {.size = sizeof record,
                              .severity = options->severity,
                              .body = otel_stringn(text, size),
                              .event_name = options->event,
                              .attributes = options->attributes,
                              .attribute_count = options->attribute_count};
    otel_logger_emit(&logger, &record);
}

static void send_json(run *r, const char *text, size_t size)
{
    otel_log_record record;
    otel_logger *chosen;
    if (!otel__json_record_read(&r->json, text, size, &record, &chosen)) {
        if (r->malformed++ == 0) /* one is enough: the books have the number */
            otel_diag(OTEL_SEVERITY_WARN, "otel-log", "line %" PRIu64 " is malformed: %s", r->lines, r->json.complaint);
    }
    otel_logger_emit(chosen, &record);
}

static void send_one(run *r, const char *text, size_t size)
{
    r->lines++;
    if (r->options.json)
        send_json(r, text, size);
    else
        send_text(r, text, size);
}

static void no_memory(run *r)
{
    fputs("otel-log: out of memory\n", stderr);
    r->failed = true;
}

static char *join_words(const otel__options *options, size_t *size)
{
    size_t total = 0;
    for (size_t i = 0; i < options->word_count; i++) total += strlen(options->words[i]) + 1;
    char *text = malloc(total), *at = text;
    if (!text) return NULL;
    for (size_t i = 0; i < options->word_count; i++) {
        at = stpcpy(at, options->words[i]);
        *at++ = ' ';
    }
    *size = total - 1;
    return text;
}

static void send_message(run *r)
{
    size_t size;
    char *text = join_words(&r->options, &size);
    if (text)
        send_one(r, text, size);
    else
        no_memory(r);
    free(text);
    otel_stop(r->options.timeout_ms);
}

static void send_lines(run *r)
{
    otel__lines lines;
    otel__line line;
    if (!otel__lines_open(&lines, STDIN_FILENO, otel__stopper_fd())) {
        no_memory(r);
        return;
    }
    while (otel__lines_next(&lines, &line)) {
        bool short_of_memory = line.cut && line.size < OTEL__MAX_LINE_BYTES; /* else the SDK counts it too_large */
        if (otel__stopper_closed() || short_of_memory)
            r->unsent++;
        else
            send_one(r, line.text, line.size);
    }
    if (lines.error) {
        fprintf(stderr, "otel-log: cannot read standard input: %s\n", strerror(lines.error));
        r->failed = true;
    }
    otel__lines_close(&lines);
}

static void send_input(run *r)
{
    if (!otel__stopper_start(r->options.timeout_ms)) {
        r->failed = true;
        otel_stop(r->options.timeout_ms);
        return;
    }
    send_lines(r);
    otel__stopper_finish();
    if (r->unsent > 0) fprintf(stderr, "otel-log: %" PRIu64 " lines were read and not sent\n", r->unsent);
}

static int start_and_send(run *r)
{
    otel_options start = {.wait_for_room_ms = OTEL_UNLIMITED};
    if (otel_start(&start) != OTEL_OK) {
        fputs("otel-log: the SDK did not start; nothing was sent\n", stderr);
        return STATUS_NOT_EXPORTED;
    }
    logger.scope.name = r->options.scope_name;
    logger.scope.version = r->options.scope_version;
    otel__json_records_init(&r->json, &r->options, &logger);
    if (r->options.word_count > 0)
        send_message(r);
    else
        send_input(r);
    otel__json_records_release(&r->json);
    if (r->options.stats) otel__books_print(stderr, r->malformed);
    bool all = !r->failed && r->unsent == 0 && otel__books_all_exported();
    return all ? STATUS_EXPORTED : STATUS_NOT_EXPORTED;
}

static int print(const char *text)
{
    bool printed = fputs(text, stdout) >= 0 && fflush(stdout) == 0;
    return printed ? STATUS_EXPORTED : STATUS_NOT_EXPORTED;
}

static int act(run *r, otel__action action)
{
    switch (action) {
    case OTEL__ACTION_SEND:
        return start_and_send(r);
    case OTEL__ACTION_HELP:
        return print(otel__options_help);
    case OTEL__ACTION_VERSION:
        return print("otel-log " OTEL_SDK_VERSION "\n");
    default:
        return STATUS_USAGE;
    }
}

int main(int argc, char **argv)
{
    static run r;
    keep_standard_descriptors();
    signal(SIGPIPE, SIG_IGN); /* a console that went away is a record that was not exported, not the end */
    int status = act(&r, otel__options_read(&r.options, argc, argv));
    otel__options_release(&r.options);
    return status;
}
