/* A number in text: all of it, finite, or none. */
#ifndef NUMBER_H
#define NUMBER_H
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static inline bool number_read(const char *text, double *number)
{
    char *end;

    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

#endif
