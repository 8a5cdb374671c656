/* A callback for log.c and its likes, whose callbacks get a log_Event {ap, fmt, file, line, level, udata, ...}. Include
 * it after that library's log.h; link otel-bridges.
 *
 *     #include "log.h"
 *     #include <otel/bridges/log_c.h>
 *     log_add_callback(otel_log_c_callback, NULL, LOG_TRACE);     the second argument: an otel_logger *, NULL "log.c"
 *
 * Levels 0 to 5 become TRACE, DEBUG, INFO, WARN, ERROR, FATAL; file and line become code.*; the rest is as with
 * otel_bridge_vlogf. log.c calls its callbacks under its own lock: an exporter of yours must not log through it. */
#ifndef OTEL_BRIDGES_LOG_C_H
#define OTEL_BRIDGES_LOG_C_H
#include <otel/bridges/logf.h>

OTEL_EXTERN_C_BEGIN
/* The logger "log.c". Static. */
OTEL_API otel_logger *otel_bridge_log_c_logger(void);
/* What a level of log.c means; below 0: TRACE, above 5: FATAL. */
OTEL_API otel_severity otel_bridge_log_c_severity(int level);
OTEL_EXTERN_C_END

/* Any thread. Borrows the event for the call. */
static inline void otel_log_c_callback(log_Event *event)
{
    otel_log_site site = otel_bridge_site(event->file, event->line, OTEL_NULL);
    otel_logger *logger = event->udata ? OTEL_CAST(otel_logger *, event->udata) : otel_bridge_log_c_logger();
    otel_bridge_vlogf(logger, &site, otel_bridge_log_c_severity(event->level), OTEL_NULL, 0, event->fmt, event->ap);
}
#endif
