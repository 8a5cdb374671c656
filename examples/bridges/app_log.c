/* A logger of the kind of log.c, reduced to its callbacks, and the bridge as one of them. With the real log.c the first
 * part is its log.h. */
#include <otel/otel.h>
#include <stdarg.h>
#include <stddef.h>

typedef struct {
    va_list ap;
    const char *fmt, *file;
    void *udata;
    int line, level;
} log_Event;
typedef void log_callback(log_Event *event);

static log_callback *callback;

static void log_add_callback(log_callback *fn)
{
    callback = fn;
}

static void log_log(int level, const char *file, int line, const char *fmt, ...)
{
    log_Event event = {.fmt = fmt, .file = file, .line = line, .level = level};
    va_start(event.ap, fmt);
    if (callback) callback(&event);
    va_end(event.ap);
}
#define log_info(...) log_log(2, __FILE__, __LINE__, __VA_ARGS__)
#define log_error(...) log_log(4, __FILE__, __LINE__, __VA_ARGS__)

/* ----------------------------------------------------------------------------------------------------------------- */
#include <otel/bridges/log_c.h>

int main(void)
{
    otel_start(&(otel_options){.service_name = "app"});
    log_add_callback(otel_log_c_callback);
    log_info("listening on port %d", 8080);
    log_error("no answer from %s", "upstream");
    otel_stop(5000);
    return 0;
}
