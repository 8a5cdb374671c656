/* The SDK's own side of the environment. */
#ifndef OTEL__ENVIRONMENT_H
#define OTEL__ENVIRONMENT_H
#include <otel/sdk/environment.h>

/* What a thread keeps while it makes a provider: whether every variable is unset, and what it has complained about. */
typedef struct otel__env_reading {
    struct otel__env_reading *outer;
    bool ignored;
    uint32_t count;
    uint64_t said[32];
} otel__env_reading;

void otel__env_begin(otel__env_reading *reading, bool ignored);
void otel__env_end(const otel__env_reading *reading);

/* Percent-decodes in place; false: a % without two hexadecimal digits, or %00. */
bool otel__percent_decode(char *text);
#endif
