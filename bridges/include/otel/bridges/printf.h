/* For code that tells its story with printf, fprintf(stderr, ...) and perror: the same lines as records.
 *
 *   OTEL_BRIDGE_PRINTF(format, ...)            INFO
 *   OTEL_BRIDGE_FPRINTF(stream, format, ...)   stderr: WARN, stdout: INFO, any other stream: fprintf itself
 *   OTEL_BRIDGE_PERROR(text)                   ERROR: "text: what errno says"
 *
 * Each answers what the original answers. The logger is `OTEL_BRIDGE_LOGGER`, a pointer; define it before this header
 * to name your own (else it is "printf"). Formats are checked by the compiler; arguments are evaluated once, always.
 *
 * One call is one record, with the place of the call: newlines at its end go, a call that prints nothing else makes no
 * record, and a line that is printed in pieces becomes as many records. (Pieces that wait for their newline would be
 * lost with their thread or in a fork, and would stand under the wrong place.) Text is cut at 8 KiB.
 *
 * While there is no provider (before otel_start, after otel_stop, SDK switched off) everything is printed as before.
 * Any thread; not signal-safe, as printf is not. errno stays.
 *
 * A file whose source must stay as it is: define OTEL_BRIDGE_REPLACE_PRINTF before this header, include it after
 * <stdio.h>, and printf, fprintf, puts and perror in the lines below are these. C only.
 *
 * Macros with a level of their own need no bridge: OTEL_LOGF is one.
 *     #define LOG(level, ...) OTEL_LOGF(&logger, level_to_severity(level), __VA_ARGS__) */
#ifndef OTEL_BRIDGES_PRINTF_H
#define OTEL_BRIDGES_PRINTF_H
#include <otel/log.h>

OTEL_EXTERN_C_BEGIN

/* The logger "printf". Static. */
OTEL_API otel_logger *otel_bridge_printf_logger(void);

/* What the macros call. stream is a FILE *, NULL means stdout. file and function may be NULL. */
OTEL_API int otel_bridge_fprintf(otel_logger *logger, const char *file, int line, const char *function, void *stream,
                                 const char *format, ...) OTEL_PRINTF(6, 7);
OTEL_API void otel_bridge_perror(otel_logger *logger, const char *file, int line, const char *function,
                                 const char *text);

OTEL_EXTERN_C_END

#ifndef OTEL_BRIDGE_LOGGER
#define OTEL_BRIDGE_LOGGER otel_bridge_printf_logger()
#endif

#define OTEL_BRIDGE_FPRINTF(stream, ...)                                                                               \
    otel_bridge_fprintf(OTEL_BRIDGE_LOGGER, OTEL_FILE, __LINE__, __func__, stream, __VA_ARGS__)
#define OTEL_BRIDGE_PRINTF(...) OTEL_BRIDGE_FPRINTF(OTEL_NULL, __VA_ARGS__)
#define OTEL_BRIDGE_PERROR(text) otel_bridge_perror(OTEL_BRIDGE_LOGGER, OTEL_FILE, __LINE__, __func__, text)

#ifdef OTEL_BRIDGE_REPLACE_PRINTF
#undef printf /* with _FORTIFY_SOURCE some compilers have macros of that name already */
#undef fprintf
#undef puts
#undef perror
#define printf(...) OTEL_BRIDGE_PRINTF(__VA_ARGS__)
#define fprintf(stream, ...) OTEL_BRIDGE_FPRINTF(stream, __VA_ARGS__)
#define puts(text) OTEL_BRIDGE_PRINTF("%s\n", text)
#define perror(text) OTEL_BRIDGE_PERROR(text)
#endif
#endif
