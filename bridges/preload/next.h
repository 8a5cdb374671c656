/* The functions that this library stands in front of: otel__next_of_<name>() is libc's (or that of the next library
 * that does the same), NULL when there is none. Looked up at the first use. */
#ifndef OTEL__SYSLOG_NEXT_H
#define OTEL__SYSLOG_NEXT_H
#include <stdarg.h>
#include <sys/types.h>

typedef void otel__next_openlog(const char *ident, int option, int facility);
typedef void otel__next_closelog(void);
typedef int otel__next_setlogmask(int mask);
typedef void otel__next_vsyslog(int priority, const char *format, va_list arguments);
typedef void otel__next_vsyslog_chk(int priority, int flag, const char *format, va_list arguments);
typedef pid_t otel__next_fork(void);
typedef int otel__next_daemon(int nochdir, int noclose);
typedef int otel__next_execve(const char *path, char *const *arguments, char *const *environment);
typedef int otel__next_fexecve(int fd, char *const *arguments, char *const *environment);
typedef void otel__next_exit(int status);

otel__next_openlog *otel__next_of_openlog(void);
otel__next_closelog *otel__next_of_closelog(void);
otel__next_setlogmask *otel__next_of_setlogmask(void);
otel__next_vsyslog *otel__next_of_vsyslog(void);
otel__next_vsyslog_chk *otel__next_of_vsyslog_chk(void);
otel__next_fork *otel__next_of_fork(void);
otel__next_daemon *otel__next_of_daemon(void);
otel__next_execve *otel__next_of_execve(void);
otel__next_execve *otel__next_of_execvpe(void);
otel__next_fexecve *otel__next_of_fexecve(void);
otel__next_exit *otel__next_of_exit(void);
#endif
