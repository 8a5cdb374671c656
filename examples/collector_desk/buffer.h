/* Text that grows while a row is written. Kept from record to record, so that in steady state nothing is allocated. */
#ifndef DESK_BUFFER_H
#define DESK_BUFFER_H
#include <string.h>

#include "desk.h"

typedef struct desk_buffer {
    char *at;
    size_t size;
    size_t room;
    bool failed; /* out of memory: what was written since is missing */
} desk_buffer;

void desk_buffer_clear(desk_buffer *buffer);
/* Gives the memory back when it has grown beyond `keep` bytes. */
void desk_buffer_trim(desk_buffer *buffer, size_t keep);
void desk_buffer_release(desk_buffer *buffer);

/* Room for so many bytes more, or NULL and buffer->failed. */
char *desk_buffer_reserve(desk_buffer *buffer, size_t size);
void desk_put_int(desk_buffer *buffer, int64_t value);
/* The shortest text that reads back equal; NaN, Infinity, -Infinity. */
void desk_put_double(desk_buffer *buffer, double value);
void desk_put_base64(desk_buffer *buffer, desk_text bytes);
/* What is no UTF-8 becomes U+FFFD. */
void desk_put_utf8(desk_buffer *buffer, desk_text text);
/* A JSON string with its quotes; what is no UTF-8 becomes U+FFFD. */
void desk_put_json_string(desk_buffer *buffer, desk_text text);

static inline void desk_put(desk_buffer *buffer, desk_text text)
{
    char *at = text.size ? desk_buffer_reserve(buffer, text.size) : NULL;
    if (!at) return;
    memcpy(at, text.at, text.size);
    buffer->size += text.size;
}

static inline void desk_put_words(desk_buffer *buffer, const char *words)
{
    desk_put(buffer, (desk_text){words, strlen(words)});
}

static inline void desk_put_byte(desk_buffer *buffer, char byte)
{
    if (buffer->size == buffer->room && !desk_buffer_reserve(buffer, 1)) return;
    buffer->at[buffer->size++] = byte;
}

static inline desk_text desk_buffer_text(const desk_buffer *buffer)
{
    return (desk_text){buffer->at ? buffer->at : "", buffer->size};
}
#endif
