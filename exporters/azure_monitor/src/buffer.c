/* Bytes that grow. */
#include "buffer.h"

#include <otel/sdk/allocator.h>
#include <string.h>

bool otel__azure_buffer_reserve(otel__azure_buffer *buffer, size_t more)
{
    if (more > SIZE_MAX / 4 - buffer->size) return false;
    size_t needed = buffer->size + more, capacity = buffer->capacity ? buffer->capacity : 1024;
    if (needed <= buffer->capacity) return true;
    while (capacity < needed) capacity *= 2;
    char *data = otel_reallocate(buffer->data, capacity);
    if (!data) return false;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

bool otel__azure_buffer_append(otel__azure_buffer *buffer, const void *data, size_t size)
{
    if (!otel__azure_buffer_reserve(buffer, size)) return false;
    if (size) memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return true;
}

void otel__azure_buffer_release(otel__azure_buffer *buffer)
{
    otel_release(buffer->data);
    *buffer = (otel__azure_buffer){0};
}
