/* A growing buffer of output, and the ways in which text of others gets into it: always escaped. */
#ifndef OTEL__CONSOLE_LINE_H
#define OTEL__CONSOLE_LINE_H
#include <otel/base.h>

typedef struct otel__console_line {
    char *data;
    size_t length, capacity;
    bool failed; /* out of memory: what was put since is missing */
} otel__console_line;

/* Room for `more` bytes behind length; false, and failed is set, without memory. */
bool otel__console_reserve(otel__console_line *line, size_t more);
void otel__console_put(otel__console_line *line, const char *bytes, size_t size);
void otel__console_word(otel__console_line *line, const char *word);
/* In decimal, with zeros in front up to `digits`. */
void otel__console_digits(otel__console_line *line, uint64_t number, uint32_t digits);

/* How text of others is written. Control characters, marks that turn the direction of text, and bytes that are not
 * UTF-8 are shown as \n, \x1b, \u202e: nothing in a record can start a line or talk to the terminal. */
enum {
    OTEL__CONSOLE_QUOTED = 1, /* quotes and backslashes are escaped too */
    OTEL__CONSOLE_TABS = 2    /* tabs stand as they are */
};
void otel__console_escaped(otel__console_line *line, const char *s, size_t size, uint32_t how);
/* As it is when it is one plain word, else quoted. */
void otel__console_quoted_if_needed(otel__console_line *line, const char *s, size_t size);
/* Bytes that were meant as text in another encoding: not UTF-8, no control characters, mostly ASCII. */
bool otel__console_is_foreign_text(const char *s, size_t size);
#endif
