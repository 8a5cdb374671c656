/* UTF-8 text: mended, measured in UTF-16 code units, and cut between characters. */
#ifndef OTEL__AZURE_TEXT_H
#define OTEL__AZURE_TEXT_H
#include <otel/base.h>

/* A text of an item, NUL-terminated behind its size, well-formed UTF-8. Two words: passed and returned by value. */
typedef struct otel__azure_text {
    const char *data; /* NULL: absent */
    uint32_t size;
    uint32_t characters : 31; /* that it had before it was cut; 0: it was not */
    uint32_t zeros : 1;       /* holds U+0000 */
} otel__azure_text;

/* What of a text stays below a limit. */
typedef struct otel__azure_prefix {
    size_t in;  /* bytes of it, whole characters */
    size_t out; /* bytes that they take when each byte that is no UTF-8 has become U+FFFD */
    bool zeros;
} otel__azure_prefix;

/* The longest prefix of at most so many UTF-16 code units. */
otel__azure_prefix otel__azure_text_prefix(const char *text, size_t size, size_t units);
/* Writes that prefix and a NUL: out + 1 bytes. */
void otel__azure_text_mend(char *to, const char *text, const otel__azure_prefix *prefix);
/* Characters; a byte that is no UTF-8 is one. */
size_t otel__azure_text_characters(const char *text, size_t size);

/* The bytes of well-formed text between the quotes of JSON. */
size_t otel__azure_text_escaped(const char *text, size_t size);
/* The bytes of the longest prefix that takes at most so many there. */
size_t otel__azure_text_fit(const char *text, size_t size, size_t escaped);
#endif
