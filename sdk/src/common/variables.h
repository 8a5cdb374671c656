/* The variables that the SDK reads, by name: otel__env.OTEL_BLRP_SCHEDULE_DELAY. */
#ifndef OTEL__VARIABLES_H
#define OTEL__VARIABLES_H
#include <otel/sdk/environment.h>

typedef struct otel__variables {
#define OTEL_VARIABLE(name, kind, meaning) otel_variable name;
#include "common/variables.def"
#undef OTEL_VARIABLE
} otel__variables;

extern const otel__variables otel__env;
#endif
