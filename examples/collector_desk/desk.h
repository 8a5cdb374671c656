/* What every part of the desk shares: a text that is a view, and why a request cannot be taken. */
#ifndef DESK_H
#define DESK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A body, plain or decompressed, has at most this many bytes (the size that OTLP recommends to servers). */
#define DESK_MAX_BODY_BYTES ((size_t)64 * 1024 * 1024)

/* A view, not NUL-terminated. {NULL, 0}: absent; {"", 0}: there, and empty. */
typedef struct desk_text {
    const char *at;
    size_t size;
} desk_text;

#define DESK_TEXT(literal) ((desk_text)DESK_TEXT_INIT(literal))
#define DESK_TEXT_INIT(literal)                                                                                        \
    {                                                                                                                  \
        "" literal, sizeof(literal) - 1                                                                                \
    }

bool desk_text_is(desk_text text, desk_text other);
bool desk_text_starts(desk_text text, desk_text beginning);

/* Why not: the HTTP status of the answer and the words for the sender's developer. */
typedef struct desk_failure {
    unsigned status;
    char reason[200];
} desk_failure;

/* Keeps the first failure: later ones are its consequences. Always false: `return desk_fail(...)` reads well. */
__attribute__((format(printf, 3, 4))) bool desk_fail(desk_failure *failure, unsigned status, const char *format, ...);
#endif
