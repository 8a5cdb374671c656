/* A file that is cut short and written anew (logrotate's copytruncate) may have grown beyond our place in it before we
 * look: so the last bytes before that place are remembered, and read again together with what follows them. */
#include "tail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { BYTES_A_TURN = 1024 * 1024 };

uint64_t otel__now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

/* Non-blocking, so that opening a FIFO in place of the file does not hang. */
static bool open_file(otel__tail *tail, const char *name, const char **why)
{
    struct stat status;
    tail->fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (tail->fd < 0 || fstat(tail->fd, &status) != 0) {
        *why = strerror(errno);
        return false;
    }
    *why = "not a regular file";
    tail->device = status.st_dev;
    tail->inode = status.st_ino;
    tail->offset = status.st_size;
    return S_ISREG(status.st_mode);
}

/* false: the file has just become shorter. */
static bool remember_end(otel__tail *tail)
{
    size_t size = tail->offset < OTEL__TAIL_MEMORY ? (size_t)tail->offset : OTEL__TAIL_MEMORY;
    if (pread(tail->fd, tail->last, size, tail->offset - (off_t)size) != (ssize_t)size) return false;
    tail->last_size = size;
    return true;
}

static void release(otel__tail *tail)
{
    if (tail->fd >= 0) close(tail->fd);
    otel__reader_close(&tail->reader);
    free(tail);
}

otel__tail *otel__tail_open(const char *name, const char *path, bool at_end, const otel__sink *sink, const char **why)
{
    *why = "out of memory";
    otel__tail *tail = calloc(1, sizeof *tail);
    if (!tail) return NULL;
    tail->fd = tail->watch = -1;
    if (!otel__reader_open(&tail->reader, sink, path) || !open_file(tail, name, why)) {
        release(tail);
        return NULL;
    }
    if (!at_end || !remember_end(tail)) tail->offset = 0;
    tail->grown_ms = otel__now_ms();
    return tail;
}

void otel__tail_close(otel__tail *tail)
{
    otel__reader_end(&tail->reader);
    release(tail);
}

bool otel__tail_is(const otel__tail *tail, const struct stat *status)
{
    return tail->device == status->st_dev && tail->inode == status->st_ino;
}

static bool all_zero(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != '\0') return false;
    }
    return true;
}

/* The bytes before our place are no longer those that were read. Zeros are the hole that a writer leaves who goes on at
 * his own place after the file was cut short: that place is ours too. */
static bool was_rewritten(const otel__tail *tail, const char *before)
{
    if (tail->last_size > 0 && all_zero(before, tail->last_size)) return false;
    return tail->emptied || memcmp(before, tail->last, tail->last_size) != 0;
}

static void begin_again(otel__tail *tail)
{
    otel__reader_end(&tail->reader);
    tail->offset = 0;
    tail->last_size = 0;
    tail->emptied = false;
}

/* The file ends before our place. While it is empty, it tells nothing about where its writer goes on. */
static bool was_cut(otel__tail *tail)
{
    struct stat status;
    tail->emptied = fstat(tail->fd, &status) == 0 && status.st_size == 0;
    if (tail->emptied) return false;
    begin_again(tail);
    return true;
}

static void remember(otel__tail *tail, const char *block, size_t size)
{
    size_t kept = OTEL__TAIL_MEMORY - (size < OTEL__TAIL_MEMORY ? size : OTEL__TAIL_MEMORY);
    if (kept > tail->last_size) kept = tail->last_size;
    size_t taken = size < OTEL__TAIL_MEMORY - kept ? size : OTEL__TAIL_MEMORY - kept;
    memmove(tail->last, tail->last + tail->last_size - kept, kept);
    memcpy(tail->last + kept, block + size - taken, taken);
    tail->last_size = kept + taken;
}

static void take(otel__tail *tail, const char *block, size_t size)
{
    remember(tail, block, size);
    tail->offset += (off_t)size;
    tail->grown_ms = otel__now_ms();
    otel__reader_take(&tail->reader, size);
}

/* true: there may be more. */
static bool read_block(otel__tail *tail, size_t *sum)
{
    char before[OTEL__TAIL_MEMORY];
    size_t room, known = tail->last_size;
    char *block = otel__reader_room(&tail->reader, &room);
    struct iovec parts[] = {{before, known}, {block, room}};
    ssize_t got = preadv(tail->fd, parts, 2, tail->offset - (off_t)known);
    tail->error = got < 0 ? errno : 0;
    if (got < 0) return false;
    if ((size_t)got < known) return was_cut(tail);
    if (was_rewritten(tail, before)) {
        begin_again(tail);
        return true;
    }
    tail->emptied = false;
    memcpy(tail->last, before, known); /* now zeros, if there is a hole */
    size_t size = (size_t)got - known;
    if (size > 0) take(tail, block, size);
    *sum += size;
    return size > 0;
}

bool otel__tail_read(otel__tail *tail)
{
    size_t sum = 0;
    bool more = true;
    while (more && sum < BYTES_A_TURN) more = read_block(tail, &sum);
    return more;
}
