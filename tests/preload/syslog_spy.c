/* Loaded behind libotel-syslog.so in place of the system's log: a line in the file $SPY for each one that it gets. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void openlog(const char *ident, int option, int facility);
void closelog(void);
int setlogmask(int mask);
void vsyslog(int priority, const char *format, va_list arguments);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...)
{
    va_list arguments;
    const char *path = getenv("SPY");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (fd < 0) return;
    va_start(arguments, format);
    vdprintf(fd, format, arguments);
    va_end(arguments);
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
