/* What the sink knows of requests to Application Insights, and of compressed ones. */
#ifndef TESTS_BENCH_TRACK_H
#define TESTS_BENCH_TRACK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The items of a body (an array, or a line each), and each one's custom dimension seq. */
unsigned long long track_count(const char *body, size_t size, void (*sequence)(uint64_t));

/* A gzip body as it was, to be freed, with a zero behind it; NULL: it is none, or larger than `most`. */
char *track_inflate(const void *body, size_t size, size_t most, size_t *inflated);
#endif
