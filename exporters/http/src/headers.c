/* Header fields as the lines that are sent. */
#include "headers.h"

#include "text.h"

#include <otel/sdk/allocator.h>
#include <string.h>

bool otel_http_header_ok(const otel_http_header *header)
{
    return header && otel__header_name_ok(header->name) && otel__header_value_ok(header->value);
}

bool otel__headers_ok(const otel_http_header *headers, size_t count)
{
    if (count && !headers) return false;
    for (size_t i = 0; i < count; i++)
        if (!otel_http_header_ok(headers + i)) return false;
    return true;
}

static char *put(char *at, const char *text)
{
    size_t size = strlen(text);
    memcpy(at, text, size);
    return at + size;
}

/* "Name;" is libcurl's way to say a header without a value. */
static char *put_line(char *at, const otel_http_header *header)
{
    at = put(at, header->name);
    at = *header->value ? put(put(at, ": "), header->value) : put(at, ";");
    *at++ = '\0';
    return at;
}

bool otel__headers_make(otel__header_lines *made, const otel__header_lines *first, const otel_http_header *headers,
                        size_t count, const char *last)
{
    size_t borrowed = first ? first->count : 0;
    size_t bytes = (borrowed + count + 1) * sizeof(char *) + (last ? strlen(last) + 1 : 0);
    for (size_t i = 0; i < count; i++) bytes += strlen(headers[i].name) + strlen(headers[i].value) + sizeof ": ";
    const char **lines = otel_allocate(bytes);
    if (!lines) return false;
    char *text = (char *)(lines + borrowed + count + 1);
    size_t n = 0;
    while (n < borrowed) lines[n] = first->lines[n], n++;
    for (size_t i = 0; i < count; i++) {
        lines[n++] = text;
        text = put_line(text, headers + i);
    }
    if (last) lines[n++] = strcpy(text, last);
    *made = (otel__header_lines){lines, n};
    return true;
}

void otel__headers_release(otel__header_lines *made)
{
    otel_release(made->lines);
    *made = (otel__header_lines){0};
}
