/* A processor that adds what takes long to find out, in a thread of its own. */
#ifndef BACKGROUND_H
#define BACKGROUND_H
#include <otel/sdk/log_processor.h>

/* Changes a record; its strings must live until it is called again. Called by one thread. */
typedef void background_work(otel_log_record *record);

/* NULL: no memory, or no thread. */
otel_log_processor *background_new(background_work *work);
#endif
