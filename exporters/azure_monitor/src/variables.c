/* The list of variables, as data. */
#include "variables.h"

const otel__azure_variables otel__azure_env = {
#define OTEL_VARIABLE(name, kind, meaning) {#name, OTEL_P_VARIABLE_##kind},
#include "variables.def"
#undef OTEL_VARIABLE
};
