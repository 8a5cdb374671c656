/* Points in time as text. */
#ifndef OTEL__TIMESTAMP_H
#define OTEL__TIMESTAMP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Unix nanoseconds in decimal, or RFC 3339 with any fraction (beyond nanoseconds it is cut) and any offset, from 1970
 * to 2554. false: neither; *unix_nano is then left alone. */
bool otel__timestamp_read(const char *text, size_t size, uint64_t *unix_nano);
#endif
