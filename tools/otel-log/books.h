/* What became of the records, as JSON and as an exit status. */
#ifndef OTEL__LOG_BOOKS_H
#define OTEL__LOG_BOOKS_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* One line: the provider's books and those of every pipeline, of the provider that was started (and stopped). */
void otel__books_print(FILE *out, uint64_t malformed);
/* Whether every pipeline exported all it took; true when there is none. */
bool otel__books_all_exported(void);
#endif
