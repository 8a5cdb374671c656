/* What the SDK says about itself: one line of words for whoever runs the program. Never a record, never a secret. */
#ifndef OTEL_SDK_DIAG_H
#define OTEL_SDK_DIAG_H
#include <otel/severity.h>

typedef void (*otel_diag_fn)(otel_severity severity, const char *text, void *user);

OTEL_EXTERN_C_BEGIN
/* Where the lines go; NULL: standard error, which is the default. Any thread; takes effect for the next line. The
 * handler may be called by any thread, several at once, until another is set; what it logs through the API is
 * suppressed. OTEL_LOG_LEVEL (default info) is the lowest severity that reaches it. (Error handling,
 * "Self-diagnostics") */
OTEL_API void otel_diag_set_handler(otel_diag_fn handler, void *user);
/* The lowest severity that is said from now on, whatever OTEL_LOG_LEVEL says; above OTEL_SEVERITY_FATAL4: nothing.
 * 0: OTEL_LOG_LEVEL decides again. Any thread. */
OTEL_API void otel_diag_set_level(otel_severity lowest);

/* Says something, printf-like, cut at 1 KiB; for exporters and processors. Lines of one `source` (static text: "otlp")
 * are limited to ten in ten seconds, and what was left out is said afterwards. Any thread; not signal-safe. */
OTEL_API void otel_diag(otel_severity severity, const char *source, const char *format, ...) OTEL_PRINTF(3, 4);
OTEL_EXTERN_C_END
#endif
