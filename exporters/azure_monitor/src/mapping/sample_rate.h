/* The rate at which records like this one were kept. */
#ifndef OTEL__AZURE_SAMPLE_RATE_H
#define OTEL__AZURE_SAMPLE_RATE_H
#include "item.h"

void otel__azure_read_sample_rate(otel__azure_item *item);
#endif
