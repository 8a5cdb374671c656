/* The list of variables, as data. */
#include "variables.h"

const otel__variables otel__env = {
#define OTEL_VARIABLE(name, kind, meaning) {#name, OTEL_P_VARIABLE_##kind},
#include "common/variables.def"
#undef OTEL_VARIABLE
};
