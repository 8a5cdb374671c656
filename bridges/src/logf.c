/* The call that bridges are made of. */
#include "bridge_text.h"

otel_log_site otel_bridge_site(const char *file, int line, const char *function)
{
    return (otel_log_site){.size = sizeof(otel_log_site),
                           .line = line,
                           .file = file,
                           .function = function,
                           .file_size = otel_size_of(file),
                           .function_size = otel_size_of(function)};
}

void otel_bridge_vlogf(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                       const otel_attr *attributes, size_t count, const char *format, va_list arguments)
{
    otel__text text;
    if (!logger || !format || !otel_log_wanted(logger, severity)) return;
    otel__text_format(&text, format, arguments);
    otel_logger_log(logger, site, severity, otel_stringn(text.data, text.size), attributes, count);
}
