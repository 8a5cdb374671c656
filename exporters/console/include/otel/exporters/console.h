/* Records on standard output or standard error, for people at a desk. The text may change from version to version: read
 * it, do not parse it; the JSON is a standard form, one OTLP-JSON line a record. (Logs SDK, "Standard output") */
#ifndef OTEL_EXPORTERS_CONSOLE_H
#define OTEL_EXPORTERS_CONSOLE_H
#include <otel/sdk/log_exporter.h>

#ifndef OTEL_CONSOLE_INLINE
#define OTEL_CONSOLE_INLINE inline
#endif

enum { OTEL_CONSOLE_STDOUT = 0, OTEL_CONSOLE_STDERR = 1 };
enum { OTEL_CONSOLE_TEXT = 0, OTEL_CONSOLE_JSON = 1 };
enum { OTEL_CONSOLE_COLOUR_AUTO = 0, OTEL_CONSOLE_COLOUR_NEVER = 1, OTEL_CONSOLE_COLOUR_ALWAYS = 2 };

/* {0} means defaults. Grows at the end only. */
typedef struct otel_console_options {
    uint32_t stream; /* OTEL_CONSOLE_STDOUT or _STDERR */
    uint32_t format; /* OTEL_CONSOLE_TEXT or _JSON */
    uint32_t colour; /* of text. AUTO: when the stream is a terminal and NO_COLOR is unset or empty */
    uint32_t reserved;
} otel_console_options;

OTEL_EXTERN_C_BEGIN
/* Writes with write(2), past stdio and its buffer. options NULL: what OTEL_C_CONSOLE_STREAM (stdout, stderr) and
 * OTEL_C_CONSOLE_FORMAT (text, json) say. A number that means nothing is said through diag and taken as 0. NULL: out of
 * memory. A stream that is closed now is never written to: its number may become a file of yours. */
OTEL_API otel_log_exporter *otel_console_exporter_new_sized(const otel_console_options *options, size_t size);
OTEL_CONSOLE_INLINE otel_log_exporter *otel_console_exporter_new(const otel_console_options *options)
{
    return otel_console_exporter_new_sized(options, sizeof(otel_console_options));
}

/* "console" of OTEL_LOGS_EXPORTER, for otel_log_exporter_register. Static. */
OTEL_API const otel_log_exporter_factory *otel_console_exporter_factory(void);
OTEL_EXTERN_C_END
#endif
