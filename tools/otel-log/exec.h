/* otel-log exec: a command in a span of its own, and a record when it has ended. */
#ifndef OTEL__LOG_EXEC_H
#define OTEL__LOG_EXEC_H
#include "options.h"
#include "record.h"
#include "trace.h"

/* With the SDK started (or not: then nobody listens) and the trace begun. The exit status of the command: 127 when
 * there is none of that name. */
int otel__exec(const otel__options *options, otel__trace *trace, otel__records *records);
#endif
