/* An attribute as it is written on the command line: KEY[:TYPE]=VALUE. */
#ifndef OTEL__ATTRIBUTE_H
#define OTEL__ATTRIBUTE_H
#include <otel/attr.h>

#include "json_reader/json_reader.h"

/* NULL: done; else static words about what is wrong. The attribute points into text and into memory. */
const char *otel__attribute_read(otel__json_arena *memory, const char *text, otel_attr *attribute);
#endif
