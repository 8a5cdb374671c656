/* Well-formed UTF-8 (RFC 3629): is it, where does a character end, and what to do when it is not. */
#ifndef OTEL__UTF8_H
#define OTEL__UTF8_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed sequence that begins at `at`; 0 when there is none. at < end. */
uint32_t otel__utf8_sequence(const uint8_t *at, const uint8_t *end);

bool otel__utf8_valid(const void *text, size_t size);

/* Bytes of the longest beginning of text that is within `limit`: characters when it is UTF-8, else bytes, as it will be
 * sent. */
size_t otel__utf8_limited(const void *text, size_t size, size_t limit);

/* Puts a '?' in the place of every byte that belongs to no well-formed sequence: the length stays. */
void otel__utf8_mend(void *text, size_t size);
#endif
