/* Descriptors to wait for. */
#ifndef OTEL__AZURE_DESCRIPTORS_H
#define OTEL__AZURE_DESCRIPTORS_H
#include <stdint.h>

/* One that is readable when either is. -1: it cannot be made. */
int32_t otel__azure_descriptor_join(int32_t a, int32_t b);
/* With close(2) alone, so in the child of a fork too. -1: nothing. */
void otel__azure_descriptor_close(int32_t descriptor);
/* Sleeps until it is readable, at most until then. */
void otel__azure_descriptor_wait(int32_t descriptor, int64_t until_monotonic_ns);
#endif
