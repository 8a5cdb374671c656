/* "name=value;name=value". */
#include "pairs.h"

#include <string.h>

#define BLANKS " \t\r\n\v\f"

otel_str otel__azure_trim(otel_str text, const char *unwanted)
{
    while (text.size && strchr(unwanted, *text.data)) text.data++, text.size--;
    while (text.size && strchr(unwanted, text.data[text.size - 1])) text.size--;
    return text;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool otel__azure_same(otel_str text, const char *word)
{
    size_t i = 0;
    while (i < text.size && word[i] && lower(text.data[i]) == lower(word[i])) i++;
    return i == text.size && !word[i];
}

int otel__azure_pair_next(const char **at, otel_str *name, otel_str *value)
{
    while (**at) {
        size_t size = strcspn(*at, ";");
        otel_str piece = otel__azure_trim((otel_str){*at, size}, BLANKS);
        *at += size + ((*at)[size] == ';');
        if (!piece.size) continue;
        const char *equals = memchr(piece.data, '=', piece.size);
        if (!equals) return -1;
        *name = otel__azure_trim((otel_str){piece.data, (size_t)(equals - piece.data)}, BLANKS);
        *value = otel__azure_trim((otel_str){equals + 1, (size_t)(piece.data + piece.size - equals - 1)}, BLANKS);
        return 1;
    }
    return 0;
}
