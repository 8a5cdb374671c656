/* Lines of a descriptor, read in large blocks; a line is at most 16 MiB in memory. */
#ifndef OTEL__LINES_H
#define OTEL__LINES_H
#include <stdbool.h>
#include <stddef.h>

enum { OTEL__MAX_LINE_BYTES = 16 * 1024 * 1024 };

typedef struct otel__line {
    const char *text; /* valid until the next call; without its newline */
    size_t size;
    bool cut; /* the line goes on, but there is no room for more than this: the rest is skipped */
} otel__line;

typedef struct otel__lines {
    int fd;
    int stop_fd; /* readable: read no more; -1: none */
    char *buffer;
    size_t capacity;
    size_t start;   /* of what is not handed out yet */
    size_t scanned; /* no newline before it */
    size_t end;
    int error;     /* errno of the read that failed; 0: none */
    bool ended;    /* nothing more is read */
    bool skipping; /* behind a line that was cut, up to its newline */
} otel__lines;

/* false: out of memory. */
bool otel__lines_open(otel__lines *lines, int fd, int stop_fd);
void otel__lines_close(otel__lines *lines);
/* false: the end of input, told to stop, or an error. What had been read by then was handed out before; a last line
 * without a newline is a line. */
bool otel__lines_next(otel__lines *lines, otel__line *line);
#endif
