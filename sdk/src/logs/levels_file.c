/* The file of OTEL_C_LOG_LEVELS_FILE. It is looked at once a second rather than watched: that holds on every file
 * system, and for a file that is replaced, mounted over, or reached through links that change. */
#include "levels_file.h"
#include <errno.h>
#include <fcntl.h>
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void sign(const struct stat *s, uint64_t out[5])
{
    out[0] = (uint64_t)s->st_dev;
    out[1] = (uint64_t)s->st_ino;
    out[2] = (uint64_t)s->st_size;
    out[3] = (uint64_t)s->st_mtim.tv_sec ^ (uint64_t)s->st_ctim.tv_sec << 32;
    out[4] = (uint64_t)s->st_mtim.tv_nsec ^ (uint64_t)s->st_ctim.tv_nsec << 32;
}

/* NULL, errno set: it cannot be read whole. */
static char *read_all(int fd, size_t size)
{
    char *text = otel_allocate(size + 1);
    size_t used = 0;
    while (text && used < size) {
        ssize_t n = read(fd, text + used, size - used);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        used += (size_t)n;
    }
    if (text) text[used] = '\0';
    return text;
}

static char *read_regular(int fd, otel__levels_file *file)
{
    struct stat s;
    uint64_t now[5];
    if (fstat(fd, &s) != 0) return NULL;
    sign(&s, now);
    if (memcmp(now, file->seen, sizeof now) == 0) return NULL;
    memcpy(file->seen, now, sizeof now);
    if (S_ISREG(s.st_mode) && s.st_size <= OTEL__LEVELS_FILE_MAX) return read_all(fd, (size_t)s.st_size);
    otel_diag(OTEL_SEVERITY_WARN, "levels", "OTEL_C_LOG_LEVELS_FILE is no file of at most %d bytes: the levels stay",
              OTEL__LEVELS_FILE_MAX);
    return NULL;
}

static void say_missing(otel__levels_file *file)
{
    if (!file->missing)
        otel_diag(OTEL_SEVERITY_WARN, "levels", "the file of OTEL_C_LOG_LEVELS_FILE cannot be read: the levels stay");
    file->missing = true;
    memset(file->seen, 0, sizeof file->seen);
}

char *otel__levels_file_news(otel__levels_file *file)
{
    int saved = errno;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    char *text = fd >= 0 ? read_regular(fd, file) : NULL;
    if (fd >= 0) {
        close(fd);
        file->missing = false;
    } else {
        say_missing(file);
    }
    errno = saved;
    return text;
}

void otel__levels_file_open(otel__levels_file *file, const char *path, otel__levels *levels)
{
    if (!path) return;
    file->path = otel_allocate(strlen(path) + 1);
    if (!file->path) return;
    strcpy(file->path, path);
    char *text = otel__levels_file_news(file);
    if (text) otel__levels_read(levels, text);
    otel_release(text);
}

void otel__levels_file_close(otel__levels_file *file)
{
    otel_release(file->path);
    file->path = NULL;
}
