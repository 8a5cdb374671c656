/* Attributes as custom dimensions; flattened, a map is one an entry, keys joined with dots. */
#ifndef OTEL__AZURE_FLATTEN_H
#define OTEL__AZURE_FLATTEN_H
#include "dimensions.h"
#include <otel/sdk/log_record.h>

typedef struct otel__azure_sink {
    otel__azure_dimensions *dimensions;
    otel__azure_memory *memory;
    bool flatten;
    bool yields; /* what has the key already keeps it */
} otel__azure_sink;

/* Arrays and empty maps stay JSON, and what is in a map whose key is full. */
void otel__azure_put(const otel__azure_sink *sink, const otel_attr *attr);
#endif
