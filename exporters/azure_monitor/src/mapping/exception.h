/* A record with an exception. */
#ifndef OTEL__AZURE_EXCEPTION_H
#define OTEL__AZURE_EXCEPTION_H
#include "item.h"

void otel__azure_make_exception(otel__azure_item *item);
#endif
