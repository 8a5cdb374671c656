/* Names of severities. */
#include <otel/severity.h>
#include <string.h>

static const char names[25][7] = {"",       "TRACE",  "TRACE2", "TRACE3", "TRACE4", "DEBUG",  "DEBUG2",
                                  "DEBUG3", "DEBUG4", "INFO",   "INFO2",  "INFO3",  "INFO4",  "WARN",
                                  "WARN2",  "WARN3",  "WARN4",  "ERROR",  "ERROR2", "ERROR3", "ERROR4",
                                  "FATAL",  "FATAL2", "FATAL3", "FATAL4"};

const char *otel_severity_name(otel_severity severity)
{
    return severity >= 0 && severity <= 24 ? names[severity] : "";
}

static bool parse_number(const char *text, size_t size, otel_severity *severity)
{
    otel_severity n = 0;
    if (size == 0 || size > 2) return false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        n = n * 10 + (text[i] - '0');
    }
    if (n > 24) return false;
    *severity = n;
    return true;
}

/* Upper case of an ASCII letter, whatever the locale says. */
static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool otel_severity_parse(const char *text, size_t size, otel_severity *severity)
{
    if (!text || !severity) return false;
    if (parse_number(text, size, severity)) return true;
    for (otel_severity s = 1; s <= 24; s++) {
        size_t i = 0;
        while (i < size && i < sizeof names[s] && upper(text[i]) == names[s][i] && names[s][i]) i++;
        if (i == size && size == strlen(names[s])) {
            *severity = s;
            return true;
        }
    }
    return false;
}
