/* The same process without any library of ours: what quiet.c is compared with. */
#define OTEL_OTEL_H
#define OTEL_LOGGER_INIT(name, version) 0
#define OTEL_LOG_INFO(logger, ...) (void)(logger)
#define otel_start(options) (void)0
typedef int otel_logger;
#include "quiet.c"
