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
#include "exec.h"
#include "follow.h"
#include "options.h"
#include "reader.h"
#include "record.h"
#include "stopper.h"
#include "tee.h"
#include "trace.h"

enum { STATUS_EXPORTED = 0, STATUS_NOT_EXPORTED = 1, STATUS_USAGE = 2 };

typedef struct run {
    otel__options options;
    otel__records records;
    otel__tee tee;
    uint64_t lines;
    uint64_t malformed;
    uint64_t unsent;
    bool failed;
    otel__trace trace;
} run;

static otel_logger logger; /* of every record that names no scope */

/* A descriptor of the SDK's must not become one of these. */
static void keep_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) (void)!open("/dev/null", O_RDWR);
    }
}

static void send_one(run *r, const char *text, size_t size)
{
    otel_log_record record;
    otel_logger *chosen;
    r->lines++;
    if (!otel__records_read(&r->records, text, size, &record, &chosen)) {
        if (r->malformed++ == 0) /* one is enough: the books have the number */
            otel_diag(OTEL_SEVERITY_WARN, "otel-log", "line %" PRIu64 " is malformed: %s", r->lines,
                      r->records.complaint);
    }
    otel_logger_emit(chosen, &record);
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

static void take_block(void *context, const char *bytes, size_t size)
{
    run *r = context;
    if (r->options.tee) otel__tee_write(&r->tee, bytes, size);
}

static void take_line(void *context, const char *path, const otel__line *line)
{
    run *r = context;
    bool short_of_memory = line->cut && line->size < OTEL__MAX_LINE_BYTES; /* else the SDK counts it too_large */
    if (otel__stopper_closed() || short_of_memory) {
        r->unsent++;
        return;
    }
    otel__records_from(&r->records, path);
    send_one(r, line->text, line->size);
}

static void send_message(run *r)
{
    size_t size;
    char *text = join_words(&r->options, &size);
    if (!text) {
        no_memory(r);
        return;
    }
    text[size] = '\n';
    take_block(r, text, size + 1);
    send_one(r, text, size);
    free(text);
}

static void read_input(run *r, const otel__sink *sink)
{
    otel__reader reader;
    if (!otel__reader_open(&reader, sink, NULL)) {
        no_memory(r);
        return;
    }
    int error = otel__reader_read_all(&reader, STDIN_FILENO, otel__stopper_fd());
    if (error) {
        fprintf(stderr, "otel-log: cannot read standard input: %s\n", strerror(error));
        r->failed = true;
    }
    otel__reader_close(&reader);
}

static void follow_files(run *r, const otel__sink *sink)
{
    const otel__options *options = &r->options;
    otel__follow *follow = otel__follow_open(options->files, options->file_count, options->from_start, sink);
    if (!follow) {
        no_memory(r);
        return;
    }
    otel__follow_notice(follow);
    if (!otel__follow_run(follow, otel__stopper_fd())) r->failed = true;
    otel__follow_close(follow);
}

static void send_lines(run *r)
{
    const otel__sink sink = {.block = take_block, .line = take_line, .context = r};
    if (r->options.file_count > 0)
        follow_files(r, &sink);
    else
        read_input(r, &sink);
    if (r->unsent > 0) fprintf(stderr, "otel-log: %" PRIu64 " lines were read and not sent\n", r->unsent);
}

/* With the SDK started; stops it. */
static void send_all(run *r)
{
    bool message = r->options.word_count > 0;
    if (!message && !otel__stopper_start(r->options.timeout_ms)) {
        r->failed = true;
        otel_stop(r->options.timeout_ms);
        return;
    }
    otel__tee_init(&r->tee, STDOUT_FILENO, message ? -1 : otel__stopper_fd());
    if (!otel__records_init(&r->records, &r->options, &logger))
        no_memory(r);
    else if (message)
        send_message(r);
    else
        send_lines(r);
    if (message)
        otel_stop(r->options.timeout_ms);
    else
        otel__stopper_finish();
    otel__records_release(&r->records);
}

/* The command is run whether anybody listens or not. */
static int run_command(run *r)
{
    if (!otel__records_init(&r->records, &r->options, &logger)) {
        no_memory(r);
        return STATUS_NOT_EXPORTED;
    }
    int status = otel__exec(&r->options, &r->trace, &r->records);
    otel_stop(r->options.timeout_ms);
    otel__records_release(&r->records);
    if (r->options.stats) otel__books_print(stderr, 0);
    return status;
}

static int start_and_send(run *r)
{
    otel_options start = {.wait_for_room_ms = r->options.exec ? 0 : OTEL_UNLIMITED}; /* no command waits for us */
    bool started = otel_start(&start) == OTEL_OK;
    if (!started) fputs("otel-log: the SDK did not start; nothing was sent\n", stderr);
    if (!started && !r->options.exec) return STATUS_NOT_EXPORTED;
    logger.scope.name = r->options.scope_name;
    logger.scope.version = r->options.scope_version;
    otel__trace_begin(&r->trace, &r->options);
    if (r->options.exec) return run_command(r);
    send_all(r);
    otel__trace_end(&r->trace);
    if (r->options.stats) otel__books_print(stderr, r->malformed);
    bool all = !r->failed && !r->tee.failed && r->unsent == 0 && otel__books_all_exported();
    return all ? STATUS_EXPORTED : STATUS_NOT_EXPORTED;
}

static int printed(void)
{
    bool whole = fflush(stdout) == 0 && !ferror(stdout);
    return whole ? STATUS_EXPORTED : STATUS_NOT_EXPORTED;
}

static int act(run *r, otel__action action)
{
    switch (action) {
    case OTEL__ACTION_SEND:
        return start_and_send(r);
    case OTEL__ACTION_HELP:
        otel__options_print_help(stdout);
        return printed();
    case OTEL__ACTION_VERSION:
        puts("otel-log " OTEL_SDK_VERSION);
        return printed();
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
