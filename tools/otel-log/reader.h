/* From a descriptor to lines: the same for standard input and for files that are followed. */
#ifndef OTEL__READER_H
#define OTEL__READER_H
#include <stdbool.h>
#include <stddef.h>

#include "lines.h"

/* Whoever takes what is read: first a block as it came, then the lines that it completes. */
typedef struct otel__sink {
    void (*block)(void *context, const char *bytes, size_t size);
    void (*line)(void *context, const char *path, const otel__line *line);
    void *context;
} otel__sink;

typedef struct otel__reader {
    otel__lines lines;
    const otel__sink *sink;
    const char *path; /* for the sink; NULL: standard input */
} otel__reader;

/* false: out of memory. */
bool otel__reader_open(otel__reader *reader, const otel__sink *sink, const char *path);
void otel__reader_close(otel__reader *reader);

/* Where the next block may be put, and how long it may be, which is at least one byte. */
char *otel__reader_room(const otel__reader *reader, size_t *size);
/* So many bytes have been put there: they go to the sink. */
void otel__reader_take(otel__reader *reader, size_t size);
/* Nothing follows: what stands behind the last newline is a line too. */
void otel__reader_end(otel__reader *reader);

/* Reads fd to its end, or until stop_fd (-1: none) is readable; what was read by then reaches the sink whole. 0, or the
 * errno of what failed. */
int otel__reader_read_all(otel__reader *reader, int fd, int stop_fd);
#endif
