/* platform.h for Linux: this process, and the machine it runs on. */
#include "linux_process.h"
#include "platform.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int64_t otel__process_id(void)
{
    return getpid();
}

int64_t otel__parent_process_id(void)
{
    return getppid();
}

int64_t otel__user_id(void)
{
    return geteuid();
}

size_t otel__read_file(const char *path, char *out, size_t size)
{
    size_t used = 0;
    int saved = errno, file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (file >= 0 && used + 1 < size) {
        ssize_t n = read(file, out + used, size - 1 - used);
        if (n == 0 || (n < 0 && errno != EINTR)) break;
        if (n > 0) used += (size_t)n;
    }
    if (file >= 0) close(file);
    out[used] = '\0';
    errno = saved;
    return used;
}

static bool copy(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (!length || length >= size) return false;
    memcpy(out, text, length + 1);
    return true;
}

bool otel__executable_path(char *out, size_t size)
{
    int saved = errno;
    ssize_t n = readlink("/proc/self/exe", out, size);
    errno = saved;
    if (n <= 0 || (size_t)n >= size) return false;
    out[n] = '\0';
    return true;
}

bool otel__executable_name(char *out, size_t size)
{
    char path[4096];
    if (!otel__executable_path(path, sizeof path)) return false;
    const char *slash = strrchr(path, '/');
    return copy(out, size, slash ? slash + 1 : path);
}

bool otel__host_name(char *out, size_t size)
{
    struct utsname u;
    return uname(&u) == 0 && copy(out, size, u.nodename);
}

bool otel__machine_name(char *out, size_t size)
{
    struct utsname u;
    return uname(&u) == 0 && copy(out, size, u.machine);
}

bool otel__c_library(char *out, size_t size)
{
#ifdef _CS_GNU_LIBC_VERSION
    size_t n = confstr(_CS_GNU_LIBC_VERSION, out, size);
    return n > 1 && n <= size;
#else
    (void)out, (void)size;
    return false;
#endif
}

/* The 22nd word; the second is a name in parentheses that may hold anything. */
bool otel__start_ticks(const char *stat, uint64_t *ticks)
{
    const char *at = strrchr(stat, ')');
    for (int word = 2; at && word < 22; word++) at = strchr(at + 1, ' ');
    if (!at || at[1] < '0' || at[1] > '9') return false;
    *ticks = strtoull(at + 1, NULL, 10);
    return true;
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

bool otel__process_start_ns(uint64_t *unix_nano)
{
    char stat[1024];
    uint64_t ticks;
    long per_second = sysconf(_SC_CLK_TCK);
    if (!otel__read_file("/proc/self/stat", stat, sizeof stat) || !otel__start_ticks(stat, &ticks)) return false;
    if (per_second <= 0 || ticks > INT64_MAX / 1000000000) return false;
    int64_t boot = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);
    int64_t start = boot + (int64_t)ticks * (1000000000 / per_second);
    *unix_nano = (uint64_t)start;
    return start > 0;
}
