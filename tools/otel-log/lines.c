/* One buffer that grows with the longest line; bytes are moved only when the buffer has run out. */
#include "lines.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BUFFER_BYTES = 256 * 1024 };

bool otel__lines_open(otel__lines *lines)
{
    *lines = (otel__lines){.buffer = malloc(FIRST_BUFFER_BYTES)};
    lines->capacity = lines->buffer ? FIRST_BUFFER_BYTES : 0;
    return lines->buffer != NULL;
}

void otel__lines_close(otel__lines *lines)
{
    free(lines->buffer);
    *lines = (otel__lines){0};
}

static bool grow(otel__lines *lines)
{
    size_t capacity = lines->capacity * 2;
    if (capacity > OTEL__MAX_LINE_BYTES) return false;
    char *buffer = realloc(lines->buffer, capacity);
    if (!buffer) return false;
    lines->buffer = buffer;
    lines->capacity = capacity;
    return true;
}

/* Room behind the bytes; false: the line that begins at start fills all there may be. */
static bool make_room(otel__lines *lines)
{
    if (lines->end < lines->capacity) return true;
    if (lines->start == 0) return grow(lines);
    memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
    lines->scanned -= lines->start;
    lines->end -= lines->start;
    lines->start = 0;
    return true;
}

static void hand_out(otel__lines *lines, size_t end, size_t next, otel__line *line)
{
    *line = (otel__line){.text = lines->buffer + lines->start, .size = end - lines->start};
    lines->start = lines->scanned = next;
}

/* The buffer is full with one line: its beginning is handed out, the rest will be skipped. */
static void cut(otel__lines *lines, otel__line *line)
{
    hand_out(lines, lines->end, lines->end, line);
    line->cut = true;
    lines->skipping = true;
}

static const char *find_newline(otel__lines *lines)
{
    const char *newline = memchr(lines->buffer + lines->scanned, '\n', lines->end - lines->scanned);
    if (!newline) lines->scanned = lines->end;
    return newline;
}

/* What was handed out, or is skipped and has no newline in it, needs no room. */
static void forget_used(otel__lines *lines)
{
    if (lines->skipping || lines->start == lines->end) lines->start = lines->scanned = lines->end = 0;
}

bool otel__lines_next(otel__lines *lines, otel__line *line)
{
    const char *newline;
    while ((newline = find_newline(lines))) {
        size_t end = (size_t)(newline - lines->buffer);
        hand_out(lines, end, end + 1, line);
        if (!lines->skipping) return true;
        lines->skipping = false;
    }
    forget_used(lines);
    if (make_room(lines)) return false;
    cut(lines, line);
    return true;
}

char *otel__lines_room(const otel__lines *lines, size_t *size)
{
    *size = lines->capacity - lines->end;
    return lines->buffer + lines->end;
}

void otel__lines_added(otel__lines *lines, size_t size)
{
    lines->end += size;
}

bool otel__lines_rest(otel__lines *lines, otel__line *line)
{
    bool something = lines->start < lines->end && !lines->skipping;
    if (something) hand_out(lines, lines->end, lines->end, line);
    lines->skipping = false;
    return something;
}
