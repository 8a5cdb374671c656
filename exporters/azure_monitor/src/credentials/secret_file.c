/* Secrets that others leave in a file. */
#include "secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The length read, -1 with errno. */
static ssize_t read_file(const char *path, int flags, char *out, size_t size)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags);
    if (fd < 0) return -1;
    ssize_t n = -1;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        n = read(fd, out, size);
    else
        errno = EINVAL;
    int saved = errno;
    close(fd);
    errno = saved;
    return n;
}

static const char *word_fault(char *text, size_t size)
{
    while (size && strchr(" \t\r\n", text[size - 1])) size--;
    if (!size) return "it is empty";
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] >= 0x7f) return "it holds no token";
    text[size] = '\0';
    return NULL;
}

const char *otel__azure_secret_file_read(const char *path, uint32_t flags, char *out, size_t size)
{
    ssize_t n = read_file(path, flags & OTEL__AZURE_ANY_LINK ? 0 : O_NOFOLLOW, out, size);
    if (n >= 0 && (size_t)n == size) return "it is too long";
    const char *fault = n < 0 ? strerror(errno) : word_fault(out, (size_t)n);
    if (fault) out[0] = '\0';
    return fault;
}
