/* The service's limit of one item: what does not fit is cut, the longest texts first. */
#ifndef OTEL__AZURE_BUDGET_H
#define OTEL__AZURE_BUDGET_H
#include "item.h"

/* Cuts until the document is at most OTEL__AZURE_ITEM_BYTES long, and writes it: a few bytes more than that must be
 * there. Returns its length; 0: out of memory. */
size_t otel__azure_write_within_budget(otel__azure_item *item, char *out, size_t size);
#endif
