/* An item as the service's JSON. */
#ifndef OTEL__AZURE_DOCUMENT_H
#define OTEL__AZURE_DOCUMENT_H
#include "item.h"

/* Writes it and a NUL. Returns its length; 0: it does not fit, or memory failed. */
size_t otel__azure_write_document(const otel__azure_item *item, char *out, size_t size);
#endif
