/* A library that logs. Whoever uses it need not know that. */
#ifndef THERMOMETER_H
#define THERMOMETER_H
#include <stdbool.h>

/* "21.5C" or "70.7F" as degrees Celsius. false: that is no temperature, *celsius is untouched. */
bool thermometer_read(const char *text, double *celsius);
#endif
