/* The function in which an exception arose, as far as its stack trace says so in a way that we know. */
#ifndef OTEL__AZURE_INNERMOST_H
#define OTEL__AZURE_INNERMOST_H
#include <otel/base.h>

/* A view into the text; {NULL, 0}: not known. */
otel_str otel__azure_innermost(const char *stack, size_t size);
#endif
