/* One buffer that grows with the longest line; bytes are moved only when the buffer has run out. */
#include "lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_BUFFER_BYTES = 256 * 1024 };

bool otel__lines_open(otel__lines *lines, int fd, int stop_fd)
{
    *lines = (otel__lines){.fd = fd, .stop_fd = stop_fd};
    lines->buffer = malloc(FIRST_BUFFER_BYTES);
    lines->capacity = lines->buffer ? FIRST_BUFFER_BYTES : 0;
    return lines->buffer != NULL;
}

void otel__lines_close(otel__lines *lines)
{
    free(lines->buffer);
}

/* Waits for bytes or for the word to stop, so that a signal between the look and the read loses no time. */
static bool may_read(otel__lines *lines)
{
    struct pollfd watched[2] = {{.fd = lines->fd, .events = POLLIN}, {.fd = lines->stop_fd, .events = POLLIN}};
    while (poll(watched, 2, -1) < 0) {
        if (errno == EINTR || errno == EAGAIN) continue;
        lines->error = errno;
        return false;
    }
    return watched[1].revents == 0;
}

static bool fill(otel__lines *lines)
{
    while (may_read(lines)) {
        ssize_t got = read(lines->fd, lines->buffer + lines->end, lines->capacity - lines->end);
        if (got > 0) {
            lines->end += (size_t)got;
            return true;
        }
        if (got == 0) break;
        if (errno == EINTR || errno == EAGAIN) continue;
        lines->error = errno;
        break;
    }
    lines->ended = true;
    return false;
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
static bool cut(otel__lines *lines, otel__line *line)
{
    hand_out(lines, lines->end, lines->end, line);
    line->cut = true;
    lines->skipping = true;
    return true;
}

static bool rest(otel__lines *lines, otel__line *line)
{
    if (lines->start == lines->end || lines->skipping) return false;
    hand_out(lines, lines->end, lines->end, line);
    return true;
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
    for (;;) {
        const char *newline = find_newline(lines);
        if (newline) {
            size_t end = (size_t)(newline - lines->buffer);
            hand_out(lines, end, end + 1, line);
            if (!lines->skipping) return true;
            lines->skipping = false;
            continue;
        }
        forget_used(lines);
        if (lines->ended) return rest(lines, line);
        if (!make_room(lines)) return cut(lines, line);
        if (!fill(lines)) continue;
    }
}
