/* Numbers that the service keeps as such. */
#ifndef OTEL__AZURE_MEASUREMENTS_H
#define OTEL__AZURE_MEASUREMENTS_H
#include "item.h"

/* From microsoft.custom_measurements, a map or a JSON object as text. What in it is no finite number becomes a
 * dimension; when nothing in it is, all of it stays one. */
void otel__azure_read_measurements(otel__azure_item *item);
#endif
