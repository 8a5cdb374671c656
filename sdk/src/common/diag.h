/* The SDK's own side of diag. */
#ifndef OTEL__DIAG_H
#define OTEL__DIAG_H
#include <otel/sdk/diag.h>

/* Reads OTEL_LOG_LEVEL again: at each start. */
void otel__diag_read_level(void);
/* How many errors there were to say, said or not: who sees that another has just spoken need not repeat it. */
uint32_t otel__diag_errors(void);
#endif
