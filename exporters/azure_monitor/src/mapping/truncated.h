/* The custom dimension otel.truncated: which texts were cut, and how long they were. */
#ifndef OTEL__AZURE_TRUNCATED_H
#define OTEL__AZURE_TRUNCATED_H
#include "item.h"

/* A JSON object as text: key and characters; "..." counts keys that it has no room for, the key
 * otel.dropped_attributes_count attributes that we dropped. NULL: nothing was cut, or out of memory. */
const char *otel__azure_truncated(const otel__azure_item *item, uint64_t dropped_here);
#endif
