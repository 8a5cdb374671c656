/* libotel-syslog.so, for LD_PRELOAD: stands in front of libc's syslog(3), those of _FORTIFY_SOURCE included. Each line
 * becomes a record, and goes on to the system's log unless the operator says otherwise. */
#include "life.h"
#include "next.h"
#include "syslog_record.h"
#include <errno.h>
#include <stdio.h>
#include <syslog.h>

void openlog(const char *ident, int option, int facility);
void closelog(void);
int setlogmask(int mask);
void syslog(int priority, const char *format, ...);
void vsyslog(int priority, const char *format, va_list arguments);
void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments);
int __vsnprintf_chk(char *to, size_t most, int flag, size_t size, const char *format, va_list arguments)
    __attribute__((weak));

/* A hardened program's formats are checked as its own libc would (not every libc does). */
static void format_text(otel__text *text, int flag, const char *format, va_list arguments)
{
    int answer = flag > 0 && __vsnprintf_chk
                     ? __vsnprintf_chk(text->data, sizeof text->data, flag, sizeof text->data, format, arguments)
                     : vsnprintf(text->data, sizeof text->data, format, arguments);
    otel__text_settle(text, answer, format);
}

/* True: the line was taken, and libc need not see it. */
static bool take(int priority, int flag, const char *format, va_list arguments, int error)
{
    otel__text text;
    otel__syslog_settings settings = otel__syslog_settings_now();
    if (!otel__life_ready(otel__syslog_name(&settings))) return false;
    errno = error;
    format_text(&text, flag, format, arguments);
    otel__syslog_record(NULL, &settings, priority, &text);
    otel__life_logged();
    if (otel__life_forwards()) return false;
    if (settings.option & LOG_PERROR) otel__syslog_perror(&settings, &text);
    return true;
}

static void pass_on(int priority, int flag, const char *format, va_list arguments)
{
    otel__next_vsyslog_chk *checked = flag > 0 ? otel__next_of_vsyslog_chk() : NULL;
    otel__next_vsyslog *plain = checked ? NULL : otel__next_of_vsyslog();
    if (checked) checked(priority, flag, format, arguments);
    if (plain) plain(priority, format, arguments);
}

static void line(int priority, int flag, const char *format, va_list arguments)
{
    int saved = errno;
    bool taken = false;
    va_list again;
    if (!format || !otel__syslog_mask_lets(priority)) return;
    va_copy(again, arguments);
    if (otel__life_enter()) {
        taken = take(priority, flag, format, arguments, saved);
        otel__life_leave();
    }
    errno = saved;
    if (!taken) pass_on(priority, flag, format, again);
    va_end(again);
    errno = saved;
}

/* LOG_NDELAY is said by programs that will soon be in a place from where nothing can be reached. */
void openlog(const char *ident, int option, int facility)
{
    int saved = errno;
    otel__next_openlog *next = otel__next_of_openlog();
    otel__syslog_settings_open(ident, option, facility);
    if (next) next(ident, option, facility);
    if ((option & LOG_NDELAY) && otel__life_enter()) {
        otel__syslog_settings settings = otel__syslog_settings_now();
        otel__life_ready(otel__syslog_name(&settings));
        otel__life_leave();
    }
    errno = saved;
}

void closelog(void)
{
    otel__next_closelog *next = otel__next_of_closelog();
    otel__syslog_settings_close();
    if (next) next();
}

int setlogmask(int mask)
{
    otel__next_setlogmask *next = otel__next_of_setlogmask();
    if (next) next(mask);
    return otel__syslog_mask_set(mask);
}

void vsyslog(int priority, const char *format, va_list arguments)
{
    line(priority, 0, format, arguments);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list arguments)
{
    line(priority, flag, format, arguments);
}

void syslog(int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line(priority, 0, format, arguments);
    va_end(arguments);
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line(priority, flag, format, arguments);
    va_end(arguments);
}
