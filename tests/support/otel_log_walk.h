/* For the fuzz targets of otel-log: lines are read in one form, and everything in the records is looked at. */
#ifndef OTEL__LOG_WALK_H
#define OTEL__LOG_WALK_H
#include <stdint.h>

#include "otel-log/options.h"

/* Every line of data, in the form and with the prefixes of the options. Aborts when a record is not well formed. */
void otel__log_walk(const otel__options *options, const uint8_t *data, size_t size);
#endif
