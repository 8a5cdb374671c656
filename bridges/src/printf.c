/* The calls of <otel/bridges/printf.h>. */
#include <otel/bridges/printf.h>
#include "bridge_text.h"
#include <errno.h>
#include <otel/provider.h>
#include <stdio.h>
#include <string.h>

static otel_logger printf_logger = OTEL_LOGGER_INIT("printf", NULL);

otel_logger *otel_bridge_printf_logger(void)
{
    return &printf_logger;
}

static bool is_console(const FILE *stream)
{
    return stream == stdout || stream == stderr;
}

static void emit(otel_logger *logger, const otel_log_site *site, otel_severity severity, const otel__text *text)
{
    if (text->size == 0 || !otel_log_wanted(logger, severity)) return;
    otel_logger_log(logger, site, severity, otel_stringn(text->data, text->size), NULL, 0);
}

/* What printf would have answered. */
static int length_of(const char *format, va_list arguments) OTEL_PRINTF(1, 0);
static int length_of(const char *format, va_list arguments)
{
    return vsnprintf(NULL, 0, format, arguments);
}

static int vfprintf_record(otel_logger *logger, const otel_log_site *site, otel_severity severity, const char *format,
                           va_list arguments) OTEL_PRINTF(4, 0);
static int vfprintf_record(otel_logger *logger, const otel_log_site *site, otel_severity severity, const char *format,
                           va_list arguments)
{
    otel__text text;
    va_list again;
    va_copy(again, arguments);
    otel__text_format(&text, format, arguments);
    emit(logger, site, severity, &text);
    int length = length_of(format, again);
    va_end(again);
    return length;
}

int otel_bridge_fprintf(otel_logger *logger, const char *file, int line, const char *function, void *stream,
                        const char *format, ...)
{
    FILE *to = stream ? stream : stdout;
    otel_log_site site = otel_bridge_site(file, line, function);
    int saved = errno, answer = -1;
    if (!format) return answer;
    va_list arguments;
    va_start(arguments, format);
    if (logger && is_console(to) && otel_provider_global()) {
        answer =
            vfprintf_record(logger, &site, to == stderr ? OTEL_SEVERITY_WARN : OTEL_SEVERITY_INFO, format, arguments);
        errno = saved;
    } else {
        answer = vfprintf(to, format, arguments); /* and its errno */
    }
    va_end(arguments);
    return answer;
}

static void format_line(otel__text *text, const char *format, ...) OTEL_PRINTF(2, 3);
static void format_line(otel__text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel__text_format(text, format, arguments);
    va_end(arguments);
}

void otel_bridge_perror(otel_logger *logger, const char *file, int line, const char *function, const char *text)
{
    int saved = errno;
    otel__text body;
    otel_log_site site = otel_bridge_site(file, line, function);
    if (!logger || !otel_provider_global()) {
        errno = saved;
        perror(text);
        errno = saved;
        return;
    }
    const char *what = strerror(saved); /* of the libcs that we know, all keep it for this thread */
    if (text && *text)
        format_line(&body, "%s: %s", text, what);
    else
        format_line(&body, "%s", what);
    emit(logger, &site, OTEL_SEVERITY_ERROR, &body);
    errno = saved;
}
