/* Ends the run once: at the end of input, or within the timeout after SIGTERM or SIGINT, even while a record waits for
 * room. */
#ifndef OTEL__STOPPER_H
#define OTEL__STOPPER_H
#include <stdbool.h>
#include <stdint.h>

/* Takes the two signals (unless they are ignored already) and starts the thread that attends to them. A second signal
 * ends the process as if nobody had taken it. false: the system refused, said on standard error. */
bool otel__stopper_start(uint32_t timeout_ms);
/* Readable from the first signal on. */
int otel__stopper_fd(void);
/* True once the SDK was stopped although not everything had been handed to it. */
bool otel__stopper_closed(void);
/* Everything was handed over: stops the SDK, if that has not happened. */
void otel__stopper_finish(void);
#endif
