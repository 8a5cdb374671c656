/* Tags that differ from record to record. */
#ifndef OTEL__AZURE_CONTEXT_TAGS_H
#define OTEL__AZURE_CONTEXT_TAGS_H
#include "item.h"

/* The origin's tags, then the record's. */
void otel__azure_context_tags(otel__azure_item *item);
#endif
