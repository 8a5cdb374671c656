/* The console exporter: options, environment, and batches that become text or JSON lines. */
#define OTEL_CONSOLE_INLINE OTEL_API extern inline
#include <otel/exporters/console.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "line.h"
#include "record_text.h"
#include "stream.h"

#define RECORDS_PER_WRITE 512u
/* A batch of more goes out in several writes: the buffer is kept, so it must not grow with the batch. */
#define BYTES_PER_WRITE 65536u

static const struct {
#define OTEL_VARIABLE(name, kind, meaning) otel_variable name;
#include "variables.def"
#undef OTEL_VARIABLE
} variables = {
#define OTEL_VARIABLE(name, kind, meaning) {#name, OTEL_P_VARIABLE_##kind},
#include "variables.def"
#undef OTEL_VARIABLE
};

typedef struct console {
    otel_log_exporter base;
    int32_t descriptor;
    bool closed; /* when we were made: by now the number may be a file of the host */
    bool json, colour;
    bool torn; /* the last write ended inside a line */
    otel__console_line line;
    uint32_t count;                 /* records in line */
    size_t ends[RECORDS_PER_WRITE]; /* where each ends */
} console;

static const char *stream_name(const console *self)
{
    return self->descriptor == STDERR_FILENO ? "standard error" : "standard output";
}

static void explain(const console *self, int32_t error, otel_export_call *call)
{
    const char *name = stream_name(self);
    switch (error) {
    case EBADF:
        snprintf(call->message, sizeof call->message, "%s is closed", name);
        break;
    case EPIPE:
        snprintf(call->message, sizeof call->message, "%s: nobody reads it any more", name);
        break;
    case ENOSPC:
    case EDQUOT:
        snprintf(call->message, sizeof call->message, "%s: no space left", name);
        break;
    case ETIMEDOUT:
        snprintf(call->message, sizeof call->message, "%s did not take the text in time", name);
        break;
    case ENOMEM:
        snprintf(call->message, sizeof call->message, "no memory for the text of a record");
        break;
    default:
        snprintf(call->message, sizeof call->message, "%s: write failed with errno %d", name, (int)error);
    }
}

static bool may_recover(int32_t error)
{
    return error == ETIMEDOUT || error == ENOSPC || error == EDQUOT;
}

static void append_json(otel__console_line *line, const otel_log_record *record)
{
    size_t room = line->capacity - line->length;
    size_t size = otel_log_record_json(record, line->data + line->length, room);
    if (size >= room) {
        if (!otel__console_reserve(line, size + 1)) return;
        otel_log_record_json(record, line->data + line->length, size + 1);
    }
    line->length += size;
    otel__console_word(line, "\n");
}

/* false: out of memory; the buffer is as before. */
static bool append_record(console *self, const otel_log_record *record)
{
    size_t before = self->line.length;
    self->line.failed = false;
    if (!otel__console_reserve(&self->line, 1)) return false;
    if (self->json)
        append_json(&self->line, record);
    else
        otel__console_record_text(&self->line, record, self->colour);
    if (self->line.failed) {
        self->line.length = before;
        return false;
    }
    self->ends[self->count++] = self->line.length;
    return true;
}

static void begin_lines(console *self)
{
    self->line.length = 0;
    self->count = 0;
    if (self->torn) otel__console_word(&self->line, "\n"); /* what follows must not stand in the torn line */
}

/* How a batch fares. */
typedef struct progress {
    uint32_t sent; /* records that are out whole */
    uint32_t lost; /* records that there was no memory for */
    bool begun;    /* something of the batch is out: to try again would show it twice */
} progress;

/* Writes what is collected. 0 or an errno. */
static int32_t write_lines(console *self, const otel_export_call *call, progress *batch)
{
    size_t written = 0;
    uint32_t whole = 0;
    int32_t error = otel__console_write(self->descriptor, self->line.data, self->line.length, call->deadline, &written);
    while (whole < self->count && self->ends[whole] <= written) whole++;
    if (written > 0) {
        self->torn = self->line.data[written - 1] != '\n';
        batch->begun = true;
    }
    batch->sent += whole;
    begin_lines(self);
    return error;
}

/* Renders and writes every record until an error. 0 or an errno. */
static int32_t write_batch(console *self, const otel_log_batch *batch, otel_export_call *call, progress *done)
{
    int32_t error = 0;
    begin_lines(self);
    for (otel_log_cursor cursor = otel_log_batch_begin(batch); error == 0 && otel_log_next(&cursor);) {
        if (!append_record(self, &cursor.record)) {
            done->lost++;
            explain(self, ENOMEM, call);
        }
        bool full = self->count == RECORDS_PER_WRITE || self->line.length >= BYTES_PER_WRITE;
        if (full) error = write_lines(self, call, done);
    }
    return error == 0 && self->count > 0 ? write_lines(self, call, done) : error;
}

static otel_export_status console_export(otel_log_exporter *exporter, const otel_log_batch *batch,
                                         otel_export_call *call)
{
    console *self = (console *)exporter;
    progress done = {0};
    int kept_errno = errno;
    int32_t error = self->closed ? EBADF : write_batch(self, batch, call, &done);
    errno = kept_errno;
    if (error != 0) explain(self, error, call);
    if (may_recover(error) && !done.begun) return OTEL_EXPORT_RETRY;
    if (error != 0 && done.sent == 0) return OTEL_EXPORT_REFUSED;
    call->rejected = error != 0 ? (uint32_t)otel_log_batch_count(batch) - done.sent : done.lost;
    return OTEL_EXPORT_OK;
}

static void console_destroy(otel_log_exporter *exporter)
{
    otel_release(((console *)exporter)->line.data);
}

static const otel_log_exporter_ops console_ops = {
    .size = sizeof console_ops,
    .name = "console",
    .flags = OTEL_EXPORTER_SIMPLE,
    .export_batch = console_export,
    .destroy = console_destroy,
};

static otel_console_options options_of_environment(void)
{
    uint64_t stream = variables.OTEL_C_CONSOLE_STREAM.fallback, format = variables.OTEL_C_CONSOLE_FORMAT.fallback;
    otel_env_read(&variables.OTEL_C_CONSOLE_STREAM, &stream);
    otel_env_read(&variables.OTEL_C_CONSOLE_FORMAT, &format);
    return (otel_console_options){.stream = (uint32_t)stream, .format = (uint32_t)format};
}

static void check_number(const char *name, uint32_t *number, uint32_t most)
{
    if (*number <= most) return;
    otel_diag(OTEL_SEVERITY_WARN, "console", "otel_console_options.%s is %u, at most %u means something: taken as 0",
              name, (unsigned)*number, (unsigned)most);
    *number = 0;
}

static bool wants_colour(uint32_t colour, int32_t descriptor)
{
    if (colour != OTEL_CONSOLE_COLOUR_AUTO) return colour == OTEL_CONSOLE_COLOUR_ALWAYS;
    int kept_errno = errno;
    bool terminal = isatty(descriptor) == 1;
    errno = kept_errno;
    return terminal && !otel_env_text(variables.NO_COLOR.name);
}

static bool is_open(int32_t descriptor)
{
    int kept_errno = errno;
    bool open = fcntl(descriptor, F_GETFD) >= 0;
    errno = kept_errno;
    return open;
}

otel_log_exporter *otel_console_exporter_new_sized(const otel_console_options *options, size_t size)
{
    otel_console_options chosen = {0};
    if (options)
        memcpy(&chosen, options, size < sizeof chosen ? size : sizeof chosen);
    else
        chosen = options_of_environment();
    check_number("stream", &chosen.stream, OTEL_CONSOLE_STDERR);
    check_number("format", &chosen.format, OTEL_CONSOLE_JSON);
    check_number("colour", &chosen.colour, OTEL_CONSOLE_COLOUR_ALWAYS);

    console *self = otel_log_exporter_new(sizeof *self, &console_ops);
    if (!self) return NULL;
    self->descriptor = chosen.stream == OTEL_CONSOLE_STDERR ? STDERR_FILENO : STDOUT_FILENO;
    self->json = chosen.format == OTEL_CONSOLE_JSON;
    self->colour = wants_colour(chosen.colour, self->descriptor);
    if (!is_open(self->descriptor)) {
        otel_diag(OTEL_SEVERITY_WARN, "console", "%s is closed: records for it are refused", stream_name(self));
        self->closed = true;
    }
    return &self->base;
}

/* There are no properties of a configuration file to read: only then the environment is asked. */
static otel_log_exporter *create(const struct otel_config *properties)
{
    static const otel_console_options defaults = {0};
    return otel_console_exporter_new(properties ? &defaults : NULL);
}

const otel_log_exporter_factory *otel_console_exporter_factory(void)
{
    static const otel_log_exporter_factory factory = {.size = sizeof factory, .name = "console", .create = create};
    return &factory;
}
