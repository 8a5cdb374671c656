/* Lines of bytes that come in blocks; a line is at most 16 MiB in memory. */
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
    char *buffer;
    size_t capacity;
    size_t start;   /* of what is not handed out yet */
    size_t scanned; /* no newline before it */
    size_t end;
    bool skipping; /* behind a line that was cut, up to its newline */
} otel__lines;

/* false: out of memory. */
bool otel__lines_open(otel__lines *lines);
void otel__lines_close(otel__lines *lines);

/* The next whole line; false: there is none yet. */
bool otel__lines_next(otel__lines *lines, otel__line *line);
/* Where more bytes may be put, and how many, which is at least one. To be asked when there is no whole line. */
char *otel__lines_room(const otel__lines *lines, size_t *size);
void otel__lines_added(otel__lines *lines, size_t size);
/* What stands behind the last newline, if nothing follows any more; false: nothing does. What is added afterwards
 * begins a new line. */
bool otel__lines_rest(otel__lines *lines, otel__line *line);
#endif
