/* The peer: hands each line to every callback that wants its level, each with arguments of its own. */
#include "log_c_peer.h"
#ifdef OTEL_REAL_LOG_C
extern int otel_test_log_c_peer_is_not_needed;
#else

enum { CALLBACKS = 8 };
static struct {
    log_LogFn fn;
    void *udata;
    int level;
} callbacks[CALLBACKS];
static int count;

void log_set_quiet(bool enable)
{
    (void)enable; /* it never prints */
}

int log_add_callback(log_LogFn fn, void *udata, int level)
{
    if (count == CALLBACKS) return -1;
    callbacks[count].fn = fn;
    callbacks[count].udata = udata;
    callbacks[count++].level = level;
    return 0;
}

void log_log(int level, const char *file, int line, const char *fmt, ...)
{
    for (int i = 0; i < count; i++) {
        log_Event event = {.fmt = fmt, .file = file, .udata = callbacks[i].udata, .line = line, .level = level};
        if (level < callbacks[i].level) continue;
        va_start(event.ap, fmt);
        callbacks[i].fn(&event);
        va_end(event.ap);
    }
}
#endif
