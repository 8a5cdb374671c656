// The same in C++.
#define G_LOG_DOMAIN "package"
#define G_LOG_USE_STRUCTURED 1
#include <cstdio>
#include <otel/bridges/glib.h>
#include <otel/bridges/printf.h>
#include <otel/bridges/syslog.h>
#include <otel/otel.h>

// The interface of log.c, as far as the bridge goes.
struct log_Event {
    va_list ap;
    const char *fmt, *file;
    void *udata;
    int line, level;
};
#include <otel/bridges/log_c.h>

static void say(const char *fmt, ...)
{
    log_Event event;
    event.fmt = fmt;
    event.file = __FILE__;
    event.udata = nullptr;
    event.line = __LINE__;
    event.level = 1;
    va_start(event.ap, fmt);
    otel_log_c_callback(&event);
    va_end(event.ap);
}

int main()
{
    otel_start(nullptr);
    g_log_set_writer_func(otel_glib_log_writer, nullptr, nullptr);
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
