/* A line through each bridge. */
#define G_LOG_DOMAIN "package"
#define G_LOG_USE_STRUCTURED 1
#include <stdio.h>
#include <otel/bridges/glib.h>
#include <otel/bridges/printf.h>
#include <otel/bridges/syslog.h>
#include <otel/otel.h>

/* The interface of log.c, as far as the bridge goes. */
typedef struct {
    va_list ap;
    const char *fmt, *file;
    void *udata;
    int line, level;
} log_Event;
#include <otel/bridges/log_c.h>

static void say(const char *fmt, ...)
{
    log_Event event = {.fmt = fmt, .file = __FILE__, .line = __LINE__, .level = 1};
    va_start(event.ap, fmt);
    otel_log_c_callback(&event);
    va_end(event.ap);
}

int main(void)
{
    otel_start(NULL);
    g_log_set_writer_func(otel_glib_log_writer, NULL, NULL);
    openlog("package", LOG_PID, LOG_DAEMON);
    syslog(LOG_ERR, "from %s", "syslog");
    closelog();
    OTEL_BRIDGE_FPRINTF(stderr, "from %s\n", "fprintf");
    OTEL_BRIDGE_PRINTF("from %s\n", "printf");
    OTEL_BRIDGE_PERROR("from perror");
    say("from %s", "log.c");
    g_warning("from %s", "glib");
    return otel_stop(5000) != OTEL_OK;
}
