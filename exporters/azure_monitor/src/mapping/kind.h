/* Which kind of item a record is, and the fields that the kind has. */
#ifndef OTEL__AZURE_KIND_H
#define OTEL__AZURE_KIND_H
#include "item.h"

enum {
    OTEL__AZURE_MESSAGE_UNITS = 32768,
    OTEL__AZURE_EVENT_UNITS = 512,
    OTEL__AZURE_NAME_UNITS = 1024,
    OTEL__AZURE_ID_UNITS = 512,
    OTEL__AZURE_VALUE_UNITS = 8192,
};

void otel__azure_choose_kind(otel__azure_item *item);
/* The body as custom dimension, where it is not the item's message or the same as another field. */
void otel__azure_add_body(otel__azure_item *item);
#endif
