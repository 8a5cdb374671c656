/* Numbers among the values of a record. */
#ifndef OTEL__AZURE_NUMBER_H
#define OTEL__AZURE_NUMBER_H
#include "memory.h"
#include <otel/attr.h>

/* An integer, a double, or a text that is nothing but a decimal number; finite. */
bool otel__azure_number(const otel_value *value, double *number);
/* As JSON: integers exact, doubles the shortest text that reads back equal. NULL: not finite, or out of memory. */
const char *otel__azure_number_json(otel__azure_memory *memory, const otel_value *value);
#endif
