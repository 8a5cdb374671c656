/* For bridges of your own: a line that another logger formats with printf, as a record. The bridges beside this header
 * are made with it. */
#ifndef OTEL_BRIDGES_LOGF_H
#define OTEL_BRIDGES_LOGF_H
#include <otel/log.h>
#include <stdarg.h>

/* Longer text is cut there, at a character's border. */
#define OTEL_BRIDGE_TEXT_MAX 8192

OTEL_EXTERN_C_BEGIN

/* Formats, takes newlines off the end, and emits. `%m` means the errno of the call. A format that printf refuses is
 * sent as it is. Needs 8 KiB of stack; no allocation of its own. Any thread; not signal-safe: printf is not. */
OTEL_API void otel_bridge_vlogf(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                                const otel_attr *attributes, size_t count, const char *format, va_list arguments)
    OTEL_PRINTF(6, 0);

/* Text of another logger as bridges send it: without newlines at its end, at most OTEL_BRIDGE_TEXT_MAX bytes of it,
 * whole characters. A view of what you gave. Signal-safe. */
OTEL_API otel_str otel_bridge_text(const char *text, size_t size);

/* A site from what a logger knows at run time; file and function may be NULL. The strings must live as long as it.
 * Signal-safe. */
OTEL_API otel_log_site otel_bridge_site(const char *file, int line, const char *function);

OTEL_EXTERN_C_END
#endif
