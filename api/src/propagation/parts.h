/* What the propagators share: hexadecimal digits, percent-encoding, blanks, and taking memory for what was extracted.
 */
#ifndef OTEL__PROPAGATION_PARTS_H
#define OTEL__PROPAGATION_PARTS_H
#include <otel/propagation.h>

/* Value of a digit; -1: it is none. `lower`: of lower case alone. */
int otel__hex_digit(char c);
int otel__hex_lower(char c);

/* Reads 2 * n lower-case digits; false: others are among them, or (id) all are zero. */
bool otel__hex_bytes(const char *text, uint8_t *out, size_t n);
bool otel__hex_id(const char *text, uint8_t *out, size_t n);
void otel__hex_put(const uint8_t *bytes, size_t n, char *out); /* no NUL */

/* A letter of ASCII in lower case; all else as it is. */
char otel__lower(char c);

/* Carriers look through all they have for each value: no more headers of one name, or names, than these are read. */
enum { OTEL__HEADERS_MAX = 256 };

/* Without SP and TAB at both ends. */
otel_str otel__trim(otel_str text);

/* "%41" is "A". Writes at most text.size bytes; what is no UTF-8 then becomes U+FFFD. false: a stray '%', or no room.
 */
bool otel__percent_decode_utf8(otel_str text, char *out, size_t capacity, size_t *size);
/* The reverse: bytes for which keep() is false become "%41". Returns the length it has; writes what fits whole. */
size_t otel__percent_encode(otel_str text, bool (*keep)(char c), char *out, size_t capacity);

bool otel__token_character(char c);   /* RFC 9110, "Tokens" */
bool otel__baggage_character(char c); /* baggage-octet, without '%' */

/* The room that is left; and what was used of it. */
char *otel__memory_rest(const otel_extract_memory *memory, size_t *capacity);
void otel__memory_use(otel_extract_memory *memory, size_t size);

/* Baggage into what is left of the memory: begin, add entries, keep (false: there were none, the memory is as before).
 */
void otel__baggage_begin(otel_extract_memory *memory);
bool otel__baggage_keep(otel_extract_memory *memory, otel_context *context);
#endif
