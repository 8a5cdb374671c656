/* A record of an availability test. */
#ifndef OTEL__AZURE_AVAILABILITY_H
#define OTEL__AZURE_AVAILABILITY_H
#include "item.h"

/* false: what such an item needs is not there, or says nothing usable; nothing was taken. */
bool otel__azure_make_availability(otel__azure_item *item);
#endif
