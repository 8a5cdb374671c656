/* Text that a setter makes, in the caller's buffer. */
#ifndef OTEL__TEXT_CARRIER_H
#define OTEL__TEXT_CARRIER_H
#include <otel/propagation.h>

/* Adds the parts one behind the other, all or nothing; a NUL stands behind the text, uncounted. */
void otel__text_add(otel_text_carrier *carrier, const otel_str *parts, size_t count);
void otel__text_cut(otel_text_carrier *carrier, size_t begin, size_t end);
#endif
