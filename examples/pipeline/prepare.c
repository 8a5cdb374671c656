/* First step: reads the files as they came, leaves out what cannot be used and says why, writes cleaned data. */
#include "csv.h"
#include "penguin.h"
#include "step.h"

#include <errno.h>
#include <string.h>

enum { LEAST_ROWS = 100, HELD_OUT_EVERY = 4 };

static otel_logger logger = OTEL_LOGGER_INIT("pipeline.prepare", PIPELINE_VERSION);

/* A value that is missing or wrong is daily business: a warning. */
static void report_value(const char *file, const csv_reader *reader, const penguin_fault *fault)
{
    OTEL_LOG_WARN(&logger, "row left out", OTEL_STR("input.file", file), OTEL_INT("input.row", reader->row),
                  OTEL_STR("input.column", fault->column), OTEL_STR("input.value", fault->value),
                  OTEL_STR("reason", fault->reason));
}

/* So is a row that was cut short. */
static void report_short(const char *file, const csv_reader *reader, size_t count)
{
    char reason[40];

    snprintf(reason, sizeof reason, "%zu of %d fields", count, PENGUIN_COLUMNS);
    OTEL_LOG_WARN(&logger, "row left out", OTEL_STR("input.file", file), OTEL_INT("input.row", reader->row),
                  OTEL_STR("reason", reason));
}

/* A row that is no CSV at all means that somebody upstream is broken: an exception. */
static void report_row(const char *file, const csv_reader *reader, const char *why)
{
    char message[80];

    snprintf(message, sizeof message, "the row has %s", why);
    OTEL_LOG_ERROR(&logger, "row cannot be read", OTEL_EXCEPTION("csv.ParseError", message, NULL),
                   OTEL_STR("input.file", file), OTEL_INT("input.row", reader->row));
}

static bool is_header(csv_reader *reader)
{
    char *fields[PENGUIN_COLUMNS];
    const char *why;

    if (csv_next(reader, fields, PENGUIN_COLUMNS, &why) != PENGUIN_COLUMNS || why) return false;
    for (int i = 0; i < PENGUIN_COLUMNS; i++) {
        if (strcmp(fields[i], penguin_columns[i]) != 0) return false;
    }
    return true;
}

/* NULL, or why the file cannot be used at all. */
static const char *read_rows(dataset *set, csv_reader *reader, const char *file)
{
    char *fields[PENGUIN_COLUMNS];
    const char *why;
    penguin_fault fault;
    sample one;
    size_t count;

    if (!is_header(reader)) return "it does not begin with the header of penguin data";
    while ((count = csv_next(reader, fields, PENGUIN_COLUMNS, &why)) != 0) {
        if (why) {
            report_row(file, reader, why);
        } else if (count != PENGUIN_COLUMNS) {
            report_short(file, reader, count);
        } else if (!penguin_read(fields, &one, &fault)) {
            report_value(file, reader, &fault);
        } else {
            one.held_out = set->count % HELD_OUT_EVERY == 0;
            if (!dataset_add(set, &one)) return "out of memory";
        }
    }
    return NULL;
}

static bool read_file(dataset *set, const char *path)
{
    csv_reader reader;
    const size_t before = set->count;
    const char *why = csv_open(&reader, path) == 0 ? read_rows(set, &reader, path) : strerror(errno);

    if (why) {
        OTEL_LOG_ERROR(&logger, "input cannot be used", STEP_EXCEPTION("data.InputError", why),
                       OTEL_STR("input.file", path));
    } else {
        OTEL_LOG_INFO(&logger, "input read", OTEL_STR("input.file", path), OTEL_INT("rows.read", reader.row - 1),
                      OTEL_INT("rows.kept", set->count - before));
    }
    csv_close(&reader);
    return why == NULL;
}

static bool write_file(const dataset *set, const char *path)
{
    if (set->count < LEAST_ROWS) {
        OTEL_LOG_ERROR(&logger, "data cannot be prepared",
                       STEP_EXCEPTION("data.TooFewRows", "too few rows left to learn from"),
                       OTEL_INT("rows.kept", set->count), OTEL_INT("rows.needed", LEAST_ROWS));
        return false;
    }
    const char *why = dataset_write(set, path);
    if (why)
        OTEL_LOG_ERROR(&logger, "output cannot be written", STEP_EXCEPTION("data.OutputError", why),
                       OTEL_STR("output.file", path));
    else
        OTEL_EVENT(&logger, OTEL_SEVERITY_INFO, "data.prepared", OTEL_STR("output.file", path),
                   OTEL_INT("rows", set->count));
    return why == NULL;
}

static bool prepare(int count, char **arguments)
{
    dataset set = {0};
    bool done = count >= 3;

    if (!done) OTEL_LOG_ERROR(&logger, "usage: prepare CLEANED.csv INPUT.csv...");
    for (int i = 2; done && i < count; i++) done = read_file(&set, arguments[i]);
    done = done && write_file(&set, arguments[1]);
    dataset_free(&set);
    return done;
}

int main(int argc, char **argv)
{
    return step_run("prepare", prepare, argc, argv);
}
