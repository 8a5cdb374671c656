/* A program that logs at an even pace. */
#ifndef OTEL_TEST_STEADY_H
#define OTEL_TEST_STEADY_H
#include <otel/log.h>

/* So many records a second, whose bodies are numbers from `from` on. Returns the number behind the last. */
long long emit_steadily(otel_logger *logger, long long from, int seconds, int a_second);
#endif
