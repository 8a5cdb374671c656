/* Knuth, Morris and Pratt: behind a place that was none, as much of the word is kept as still fits. */
#include "text_search.h"

#include <stdint.h>
#include <stdlib.h>

/* How much of the word's beginning ends at each of its bytes, the whole up to there apart. */
static uint32_t *borders_of(desk_text word)
{
    uint32_t *borders = malloc(word.size * sizeof *borders);
    if (!borders) return NULL;
    borders[0] = 0;
    for (size_t i = 1, matched = 0; i < word.size; i++) {
        while (matched > 0 && word.at[i] != word.at[matched]) matched = borders[matched - 1];
        if (word.at[i] == word.at[matched]) matched++;
        borders[i] = (uint32_t)matched;
    }
    return borders;
}

static bool search(desk_text text, desk_text word, const uint32_t *borders, kql_found *found, void *context)
{
    for (size_t i = 0, matched = 0; i < text.size; i++) {
        while (matched > 0 && text.at[i] != word.at[matched]) matched = borders[matched - 1];
        if (text.at[i] == word.at[matched]) matched++;
        if (matched < word.size) continue;
        if (found(text.at + i + 1 - word.size, context)) return true;
        matched = borders[matched - 1];
    }
    return false;
}

bool kql_find_each(desk_text text, desk_text word, kql_found *found, void *context)
{
    if (word.size == 0 || word.size > text.size || word.size > UINT32_MAX) return false;
    uint32_t *borders = borders_of(word);
    bool enough = borders && search(text, word, borders, found, context);
    free(borders);
    return enough;
}
