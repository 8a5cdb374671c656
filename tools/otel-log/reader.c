/* Blocks are read straight into the buffer of the lines. */
#include "reader.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

bool otel__reader_open(otel__reader *reader, const otel__sink *sink, const char *path)
{
    *reader = (otel__reader){.sink = sink, .path = path};
    return otel__lines_open(&reader->lines);
}

void otel__reader_close(otel__reader *reader)
{
    otel__lines_close(&reader->lines);
}

static void hand_out(otel__reader *reader, const otel__line *line)
{
    reader->sink->line(reader->sink->context, reader->path, line);
}

static void hand_out_lines(otel__reader *reader)
{
    otel__line line;
    while (otel__lines_next(&reader->lines, &line)) hand_out(reader, &line);
}

char *otel__reader_room(const otel__reader *reader, size_t *size)
{
    return otel__lines_room(&reader->lines, size);
}

void otel__reader_take(otel__reader *reader, size_t size)
{
    size_t room;
    reader->sink->block(reader->sink->context, otel__lines_room(&reader->lines, &room), size);
    otel__lines_added(&reader->lines, size);
    hand_out_lines(reader);
}

void otel__reader_end(otel__reader *reader)
{
    otel__line line;
    if (otel__lines_rest(&reader->lines, &line)) hand_out(reader, &line);
    hand_out_lines(reader); /* there is none; but room is made for what follows */
}

/* Waits for bytes or for the word to stop, so that a signal between the look and the read loses no time. */
static bool may_read(int fd, int stop_fd, int *error)
{
    struct pollfd watched[2] = {{.fd = fd, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};
    while (poll(watched, 2, -1) < 0) {
        if (errno == EINTR || errno == EAGAIN) continue;
        *error = errno;
        return false;
    }
    return watched[1].revents == 0;
}

static ssize_t read_block(otel__reader *reader, int fd)
{
    size_t room;
    char *block = otel__reader_room(reader, &room);
    ssize_t got = read(fd, block, room);
    if (got > 0) otel__reader_take(reader, (size_t)got);
    return got;
}

int otel__reader_read_all(otel__reader *reader, int fd, int stop_fd)
{
    int error = 0;
    while (may_read(fd, stop_fd, &error)) {
        ssize_t got = read_block(reader, fd);
        if (got == 0) break;
        if (got > 0 || errno == EINTR || errno == EAGAIN) continue;
        error = errno;
        break;
    }
    otel__reader_end(reader);
    return error;
}
