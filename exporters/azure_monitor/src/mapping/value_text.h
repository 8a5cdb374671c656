/* Values and strings of a record as texts of an item, cut to a limit of UTF-16 code units. */
#ifndef OTEL__AZURE_VALUE_TEXT_H
#define OTEL__AZURE_VALUE_TEXT_H
#include "memory.h"
#include "text.h"
#include <otel/sdk/log_record.h>

/* A text that is there already: a literal, or one that another has made. */
otel__azure_text otel__azure_literal(const char *text);
otel__azure_text otel__azure_string_text(otel__azure_memory *memory, const char *text, size_t size, size_t units);
/* Strings as they are (bytes that are none of UTF-8 as U+FFFD), collections as compact JSON, bytes in base64, nothing
 * as
 * "". */
otel__azure_text otel__azure_value_text(otel__azure_memory *memory, const otel_value *value, size_t units);
/* Whether that would be "". */
bool otel__azure_value_empty(const otel_value *value);
bool otel__azure_same_text(const otel__azure_text *a, const otel__azure_text *b);
#endif
