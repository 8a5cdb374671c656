/* Loaded behind libotel-syslog.so in place of the system's log: a line in the file $SPY for each one that it gets. With
 * $SPY_NOISY a thread that is made is told to syslog(3): so that there are lines while an SDK starts. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

void syslog(int priority, const char *format, ...);
void openlog(const char *ident, int option, int facility);
void closelog(void);
int setlogmask(int mask);
void vsyslog(int priority, const char *format, va_list arguments);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Not with vdprintf: it has a stream on its stack, which a child of a fork would find in its list of streams. */
static void put(const char *format, ...)
{
    char line[320];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    const char *path = getenv("SPY");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (fd < 0 || n < 0) return;
    if (write(fd, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1) < 0) abort();
    close(fd);
}

void openlog(const char *ident, int option, int facility)
{
    put("openlog %s %d %d\n", ident ? ident : "-", option, facility);
}

void closelog(void)
{
    put("closelog\n");
}

int setlogmask(int mask)
{
    put("setlogmask %d\n", mask);
    return 0;
}

void vsyslog(int priority, const char *format, va_list arguments)
{
    char text[256];
    vsnprintf(text, sizeof text, format, arguments);
    put("<%d>%s\n", priority, text);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
    char text[256];
    vsnprintf(text, sizeof text, format, arguments);
    put("<%d>%s (checked %d)\n", priority, text, flag);
}

typedef int create_thread(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)
{
    create_thread *next;
    void *address = dlsym(RTLD_NEXT, "pthread_create");
    memcpy(&next, &address, sizeof next);
    if (getenv("SPY_NOISY")) syslog(6, "a thread is made");
    return next(thread, attributes, run, argument);
}
