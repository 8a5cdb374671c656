/* The SDK, which is loaded with the first line: a process that logs nothing never has it. */
#ifndef OTEL__SYSLOG_SDK_H
#define OTEL__SYSLOG_SDK_H
#include <otel/otel.h>
#include <otel/sdk/environment.h>

typedef struct otel__sdk {
    otel_result (*start)(const otel_options *options, size_t size);
    otel_result (*stop)(uint32_t ms);
    otel_result (*flush)(uint32_t ms);
    bool (*read)(const otel_variable *variable, uint64_t *value);
} otel__sdk;

/* False: it cannot be loaded, and `why` says so in words. */
bool otel__sdk_load(otel__sdk *sdk, char *why, size_t size);
#endif
