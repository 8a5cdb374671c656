/* A peer for the log.c bridge: no copy of log.c (which no package ships), but the same interface written anew, as far
 * as callbacks go. With -DOTEL_LOG_C_DIR=<folder of log.c and log.h> the tests run against the real one. */
#ifndef OTEL_TEST_LOG_C_PEER_H
#define OTEL_TEST_LOG_C_PEER_H
#ifdef OTEL_REAL_LOG_C
#include "log.h"
#else
#include <stdarg.h>
#include <stdbool.h>
#include <time.h>

typedef struct {
    va_list ap;
    const char *fmt;
    const char *file;
    struct tm *time;
    void *udata;
    int line;
    int level;
} log_Event;
typedef void (*log_LogFn)(log_Event *event);
enum { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_FATAL };

void log_set_quiet(bool enable);
int log_add_callback(log_LogFn fn, void *udata, int level);
void log_log(int level, const char *file, int line, const char *fmt, ...);
#define log_trace(...) log_log(LOG_TRACE, __FILE__, __LINE__, __VA_ARGS__)
#define log_debug(...) log_log(LOG_DEBUG, __FILE__, __LINE__, __VA_ARGS__)
#define log_info(...) log_log(LOG_INFO, __FILE__, __LINE__, __VA_ARGS__)
#define log_warn(...) log_log(LOG_WARN, __FILE__, __LINE__, __VA_ARGS__)
#define log_error(...) log_log(LOG_ERROR, __FILE__, __LINE__, __VA_ARGS__)
#define log_fatal(...) log_log(LOG_FATAL, __FILE__, __LINE__, __VA_ARGS__)
#endif
#endif
