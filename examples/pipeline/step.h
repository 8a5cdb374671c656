/* What every step of the pipeline does around its work: logging starts and stops, and the exit code. */
#ifndef STEP_H
#define STEP_H
#include "stack.h"

#include <otel/otel.h>

/* Starts logging, says that the step begins, does the work, says how it ended and after how long, delivers what is
 * queued. Returns what main returns: 0 when work() was true. Who the step belongs to (run, step, experiment) and where
 * its logs go is nowhere in the code: both come from the environment. */
int step_run(const char *name, bool (*work)(int count, char **arguments), int count, char **arguments);

/* Says why the step cannot go on: an exception of that type, with the stack of the place that says so. Among the
 * attributes of a log call that needs no other exception. */
#define STEP_EXCEPTION(type, message) OTEL_EXCEPTION(type, message, stack_text((char[STACK_BYTES]){0}))

#endif
