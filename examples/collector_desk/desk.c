/* The two smallest tools of the desk: comparing views and noting a failure. */
#include "desk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool desk_text_is(desk_text text, desk_text other)
{
    return text.size == other.size && (text.size == 0 || memcmp(text.at, other.at, text.size) == 0);
}

bool desk_text_starts(desk_text text, desk_text beginning)
{
    return text.size >= beginning.size && memcmp(text.at, beginning.at, beginning.size) == 0;
}

bool desk_fail(desk_failure *failure, unsigned status, const char *format, ...)
{
    if (failure->status) return false;
    failure->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(failure->reason, sizeof failure->reason, format, arguments);
    va_end(arguments);
    return false;
}
