/* In place of <syslog.h>: the calls of a program that logs with syslog(3) become records, its source stays as it is.
 *
 *   severity         the eight priorities, LOG_EMERG FATAL to LOG_DEBUG DEBUG; their name is the severity text
 *   body             the text, as of otel_bridge_vlogf: `%m` works, newlines at its end go, cut at 8 KiB
 *   attributes       syslog.facility (3 is LOG_DAEMON), syslog.appname (openlog's ident, else the program's name),
 *                    syslog.procid with LOG_PID, and code.* of the call
 *   logger           "syslog", for OTEL_C_LOG_LEVELS
 *
 * setlogmask and LOG_PERROR work as ever. While there is no provider (before otel_start, after otel_stop, SDK switched
 * off) lines go to the system's log, as they did before: a program never falls silent because of this header.
 *
 * The calls are macros: a pointer to the function syslog is still that of libc, and a member of that name needs
 * parentheses, (ops->syslog)(...). Any thread; safe over fork; not signal-safe, as syslog(3) is not. errno stays. */
#ifndef OTEL_BRIDGES_SYSLOG_H
#define OTEL_BRIDGES_SYSLOG_H
#include <otel/log.h>
#include <stdarg.h>
#include <syslog.h>

OTEL_EXTERN_C_BEGIN

/* As openlog(3), but ident is copied, its first 63 bytes. NULL keeps the one before. */
OTEL_API void otel_openlog(const char *ident, int option, int facility);
/* As closelog(3): forgets ident. */
OTEL_API void otel_closelog(void);
/* As setlogmask(3): answers the mask before; 0 changes nothing. */
OTEL_API int otel_setlogmask(int mask);

/* As syslog(3) and vsyslog(3), with the place of the call; file and function may be NULL. */
OTEL_API void otel_syslog(const char *file, int line, const char *function, int priority, const char *format, ...)
    OTEL_PRINTF(5, 6);
OTEL_API void otel_vsyslog(const char *file, int line, const char *function, int priority, const char *format,
                           va_list arguments) OTEL_PRINTF(5, 0);

OTEL_EXTERN_C_END

#undef openlog /* with _FORTIFY_SOURCE some compilers have macros of that name already */
#undef closelog
#undef setlogmask
#undef syslog
#undef vsyslog
#define openlog(ident, option, facility) otel_openlog(ident, option, facility)
#define closelog() otel_closelog()
#define setlogmask(mask) otel_setlogmask(mask)
#define syslog(...) otel_syslog(OTEL_FILE, __LINE__, __func__, __VA_ARGS__)
#define vsyslog(priority, format, arguments) otel_vsyslog(OTEL_FILE, __LINE__, __func__, priority, format, arguments)
#endif
