/* otel-log exec. */
#include "exec.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "reader.h"

enum { LOOK_MS = 100, STREAMS = 2 };

extern char **environ;

/* The environment with our context in it; NULL: out of memory. The block must live as long. */
static char **environment_in(otel_text_carrier *block)
{
    otel_inject(NULL, &otel_env_setter, block);
    size_t size = otel_env_merge(block, environ, NULL, 0);
    char **all = calloc(size, sizeof *all);
    if (all) otel_env_merge(block, environ, all, size);
    return all;
}

/* One of the two streams of the command. */
typedef struct stream {
    otel__reader reader;
    otel__sink sink;
    otel__records *records;
    otel__options options; /* those of the program, but for the severity */
    const char *name;
    int fd, to; /* what is read there is copied here */
    bool open;
} stream;

/* The command's output goes where it would have gone. A copy that fails is the reader's loss, not the command's. */
static void copy(void *context, const char *bytes, size_t size)
{
    const stream *s = context;
    while (size > 0) {
        ssize_t written = write(s->to, bytes, size);
        if (written < 0 && errno != EINTR) return;
        if (written > 0) bytes += written, size -= (size_t)written;
    }
}

static void send_line(void *context, const char *path, const otel__line *line)
{
    stream *s = context;
    otel_log_record record;
    otel_logger *logger;
    (void)path;
    const otel__options *before = s->records->options;
    s->records->options = &s->options;
    otel__records_read(s->records, line->text, line->size, &record, &logger);
    s->records->options = before;
    const otel_attr extra[] = {OTEL_STR("log.iostream", s->name)};
    otel_log_binding binding;
    otel_log_bind(&binding, extra, 1);
    otel_logger_emit(logger, &record);
    otel_log_unbind(&binding);
}

static bool open_stream(stream *s, otel__records *records, int fd, int to, const char *name, otel_severity severity)
{
    *s = (stream){.sink = {copy, send_line, s},
                  .records = records,
                  .options = *records->options,
                  .name = name,
                  .fd = fd,
                  .to = to};
    s->options.severity = severity;
    return s->open = otel__reader_open(&s->reader, &s->sink, NULL);
}

static void close_stream(stream *s)
{
    if (!s->open) return;
    otel__reader_end(&s->reader);
    otel__reader_close(&s->reader);
    close(s->fd);
    s->open = false;
}

static void read_some(stream *s)
{
    size_t room;
    char *block = otel__reader_room(&s->reader, &room);
    ssize_t got = read(s->fd, block, room);
    if (got > 0)
        otel__reader_take(&s->reader, (size_t)got);
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
        close_stream(s);
}

/* Until both streams end; or until the command has ended and nothing is left in them: a process that it left behind may
 * keep them open. */
static void read_streams(stream streams[STREAMS], otel__command *command)
{
    while (streams[0].open || streams[1].open) {
        struct pollfd watched[STREAMS];
        bool ended = otel__command_ended(command, false);
        for (int i = 0; i < STREAMS; i++)
            watched[i] = (struct pollfd){.fd = streams[i].open ? streams[i].fd : -1, .events = POLLIN};
        if (poll(watched, STREAMS, ended ? 0 : LOOK_MS) <= 0 && ended) break;
        for (int i = 0; i < STREAMS; i++)
            if (streams[i].open && watched[i].revents) read_some(&streams[i]);
    }
}

static void capture(otel__command *command, otel__records *records)
{
    stream streams[STREAMS];
    bool out =
        open_stream(&streams[0], records, command->output[0], STDOUT_FILENO, "stdout", records->options->severity);
    bool err = open_stream(&streams[1], records, command->output[1], STDERR_FILENO, "stderr", OTEL_SEVERITY_WARN);
    if (out && err) read_streams(streams, command);
    close_stream(&streams[0]);
    close_stream(&streams[1]);
}

/* Arguments may be secret: the command's name has to do. */
static void report(const otel__command *command, const char *name, otel__records *records, otel_severity good)
{
    char text[512];
    otel_log_record record;
    otel_logger *logger;
    const otel_attr extra[] = {OTEL_INT("process.exit.code", command->status),
                               OTEL_INT("duration_ms", (command->ended_ns - command->began_ns) / 1000000),
                               otel_attr_optional("error.message", command->error ? strerror(command->error) : NULL)};
    otel_log_binding binding;
    snprintf(text, sizeof text, "exec %s", name);
    otel__records_read(records, text, strlen(text), &record, &logger);
    record.severity = command->status ? OTEL_SEVERITY_ERROR : good;
    otel_log_bind(&binding, extra, sizeof extra / sizeof *extra);
    otel_logger_emit(logger, &record);
    otel_log_unbind(&binding);
}

int otel__exec(const otel__options *options, otel__trace *trace, otel__records *records)
{
    char room[2 * OTEL_EXTRACT_BYTES];
    otel_text_carrier block = {.buffer = room, .capacity = sizeof room};
    otel__command command;
    char *const *argv = (char *const *)(uintptr_t)options->words;
    otel__trace_descend(trace);
    char **environment = environment_in(&block);
    if (otel__command_start(&command, argv, environment ? environment : environ, options->capture)) {
        if (options->capture) capture(&command, records);
        otel__command_ended(&command, true);
    } else {
        fprintf(stderr, "otel-log: %s: %s\n", argv[0], strerror(command.error));
    }
    free(environment);
    report(&command, argv[0], records, options->severity);
    return command.status;
}
