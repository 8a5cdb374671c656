/* What the propagators share of text: blanks, classes of characters, percent-encoding; and the memory for results. */
#include "parts.h"
#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

char otel__lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

otel_str otel__trim(otel_str text)
{
    while (text.size && blank(text.data[0])) text.data++, text.size--;
    while (text.size && blank(text.data[text.size - 1])) text.size--;
    return text;
}

bool otel__token_character(char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || (c && strchr("!#$%&'*+-.^_`|~", c));
}

bool otel__baggage_character(char c)
{
    return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\' && c != '%';
}

/* Length of the UTF-8 character at text; 0: there is none. */
static size_t character(const unsigned char *text, size_t size)
{
    static const unsigned char least[5] = {0, 0, 0x80, 0xa0, 0x90}, most[5] = {0, 0, 0xbf, 0x9f, 0x8f};
    unsigned char lead = text[0];
    size_t n = lead < 0x80                   ? 1
               : lead >= 0xc2 && lead < 0xe0 ? 2
               : lead >= 0xe0 && lead < 0xf0 ? 3
               : lead >= 0xf0 && lead < 0xf5 ? 4
                                             : 0;
    if (n < 2 || n > size) return n == 1 ? 1 : 0;
    for (size_t i = 1; i < n; i++)
        if ((text[i] & 0xc0) != 0x80) return 0;
    if ((lead == 0xe0 && text[1] < least[3]) || (lead == 0xed && text[1] > most[3])) return 0;
    if ((lead == 0xf0 && text[1] < least[4]) || (lead == 0xf4 && text[1] > most[4])) return 0;
    return n;
}

/* How many bytes one U+FFFD stands for: as much as could have been the beginning of a character, at least one. */
static size_t broken(const unsigned char *text, size_t size)
{
    unsigned char lead = text[0], second = size > 1 ? text[1] : 0;
    size_t n = lead >= 0xc2 && lead < 0xe0   ? 2
               : lead >= 0xe0 && lead < 0xf0 ? 3
               : lead >= 0xf0 && lead < 0xf5 ? 4
                                             : 1,
           i = 1;
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second > 0x8f))
        return 1;
    while (i < n && i < size && (text[i] & 0xc0) == 0x80) i++;
    return i;
}

static bool put_character(char *out, size_t capacity, size_t *size, const void *bytes, size_t n)
{
    if (n > capacity - *size) return false;
    memcpy(out + *size, bytes, n);
    *size += n;
    return true;
}

/* One byte of the decoded text; -1: a stray '%'. */
static int decoded_byte(otel_str text, size_t *at)
{
    if (text.data[*at] != '%') return (unsigned char)text.data[(*at)++];
    int high = *at + 1 < text.size ? otel__hex_digit(text.data[*at + 1]) : -1;
    int low = *at + 2 < text.size ? otel__hex_digit(text.data[*at + 2]) : -1;
    *at += 3;
    return (high | low) < 0 ? -1 : high << 4 | low;
}

/* Decoded bytes wait here until they are a character or cannot become one. */
bool otel__percent_decode_utf8(otel_str text, char *out, size_t capacity, size_t *size)
{
    unsigned char window[4];
    size_t have = 0, at = 0;
    *size = 0;
    while (at < text.size || have) {
        while (have < sizeof window && at < text.size) {
            int byte = decoded_byte(text, &at);
            if (byte < 0) return false;
            window[have++] = (unsigned char)byte;
        }
        size_t n = character(window, have), used = n ? n : broken(window, have);
        if (!put_character(out, capacity, size, n ? (const void *)window : "\xef\xbf\xbd", n ? n : 3)) return false;
        have -= used;
        memmove(window, window + used, have);
    }
    return true;
}

size_t otel__percent_encode(otel_str text, bool (*keep)(char c), char *out, size_t capacity)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        size_t n = keep(text.data[i]) ? 1 : 3;
        if (size + n <= capacity && n == 1) out[size] = text.data[i];
        if (size + n <= capacity && n == 3) {
            out[size] = '%';
            out[size + 1] = "0123456789ABCDEF"[(unsigned char)text.data[i] >> 4];
            out[size + 2] = "0123456789ABCDEF"[(unsigned char)text.data[i] & 15];
        }
        size += n;
    }
    return size;
}

char *otel__memory_rest(const otel_extract_memory *memory, size_t *capacity)
{
    bool any = memory && memory->buffer && memory->used < memory->capacity;
    *capacity = any ? memory->capacity - memory->used : 0;
    return any ? (char *)memory->buffer + memory->used : NULL;
}

void otel__memory_use(otel_extract_memory *memory, size_t size)
{
    memory->used += size;
}

void otel__baggage_begin(otel_extract_memory *memory)
{
    size_t capacity;
    char *room = otel__memory_rest(memory, &capacity);
    otel_baggage_init(&memory->baggage, room, capacity);
}

/* What is left behind it belongs to whoever extracts next. */
bool otel__baggage_keep(otel_extract_memory *memory, otel_context *context)
{
    if (!memory->baggage.count) return false;
    memory->baggage.capacity = memory->baggage.size;
    otel__memory_use(memory, memory->baggage.size);
    context->baggage = &memory->baggage;
    return true;
}
