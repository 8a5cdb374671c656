/* Custom dimensions that we add. */
#ifndef OTEL__AZURE_BUILT_IN_H
#define OTEL__AZURE_BUILT_IN_H
#include "item.h"

/* What describes the record itself, its scope's, its resource's: in this order, none that the record has itself. */
void otel__azure_add_built_in(otel__azure_item *item);
/* The resource's dimensions one by one, instead of as they are ready. */
void otel__azure_take_apart(otel__azure_item *item);
#endif
