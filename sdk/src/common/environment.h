/* The SDK's own side of the environment. */
#ifndef OTEL__ENVIRONMENT_H
#define OTEL__ENVIRONMENT_H
#include <otel/sdk/environment.h>

/* While a provider is made with OTEL_ENV_IGNORED, every variable is unset for the thread that makes it. */
void otel__env_ignore(bool ignore);

/* Percent-decodes in place; false: a % without two hexadecimal digits, or %00. */
bool otel__percent_decode(char *text);
#endif
