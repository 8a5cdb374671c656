/* The inside of JSON strings, between the quotes; of json_reader.c alone. */
#ifndef OTEL__JSON_STRING_H
#define OTEL__JSON_STRING_H
#include <stdbool.h>
#include <stddef.h>

typedef struct otel__json_scan {
    const char *stop;  /* the closing quote, or what cannot stand there */
    const char *wrong; /* NULL, or why it cannot: static text */
    bool escaped;      /* there are escapes: it must be decoded */
} otel__json_scan;

/* Validates from behind the opening quote to the closing one. */
otel__json_scan otel__json_string_scan(const char *text, const char *end);
/* From text that was validated; what comes out is never longer, and its size is returned. */
size_t otel__json_string_decode(char *out, const char *at, const char *end);
#endif
