/* Bytes that grow. */
#ifndef OTEL__AZURE_BUFFER_H
#define OTEL__AZURE_BUFFER_H
#include <otel/base.h>

typedef struct otel__azure_buffer {
    char *data;
    size_t size, capacity;
} otel__azure_buffer;

/* Room for so many bytes more; false: out of memory, nothing changed. */
bool otel__azure_buffer_reserve(otel__azure_buffer *buffer, size_t more);
bool otel__azure_buffer_append(otel__azure_buffer *buffer, const void *data, size_t size);
void otel__azure_buffer_release(otel__azure_buffer *buffer);
#endif
