/* The variables that the exporter and its credentials read, by name: otel__azure_env.AZURE_CLIENT_ID. */
#ifndef OTEL__AZURE_VARIABLES_H
#define OTEL__AZURE_VARIABLES_H
#include <otel/sdk/environment.h>

typedef struct otel__azure_variables {
#define OTEL_VARIABLE(name, kind, meaning) otel_variable name;
#include "variables.def"
#undef OTEL_VARIABLE
} otel__azure_variables;

extern const otel__azure_variables otel__azure_env;
#endif
