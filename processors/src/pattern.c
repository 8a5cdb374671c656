/* Patterns of names: a name, or its beginning and '*'. */
#include "pattern.h"
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <string.h>

bool otel__text_copy(char **copy, const char *text)
{
    size_t size = text ? strlen(text) + 1 : 0;
    *copy = text ? otel_allocate(size) : NULL;
    if (*copy) memcpy(*copy, text, size);
    return *copy || !text;
}

static bool is_pattern(const char *pattern)
{
    const char *star = strchr(pattern, '*');
    return *pattern && (!star || !star[1]);
}

bool otel__pattern_copy(char **copy, const char *pattern, const char *who)
{
    *copy = NULL;
    if (!pattern || is_pattern(pattern)) return otel__text_copy(copy, pattern);
    otel_diag(OTEL_SEVERITY_ERROR, who, "\"%.64s\" is no pattern: a name, or its beginning and *", pattern);
    return false;
}

bool otel__pattern_matches(const char *pattern, const char *name, size_t name_size)
{
    size_t size = strlen(pattern);
    bool beginning = size && pattern[size - 1] == '*';
    if (beginning) size--;
    return (beginning ? name_size >= size : name_size == size) && (!size || memcmp(pattern, name, size) == 0);
}

bool otel__patterns_copy(otel__patterns *patterns, const char *const *list, size_t count, const char *who)
{
    if (!count) return true;
    if (!list) otel_diag(OTEL_SEVERITY_ERROR, who, "a list of %zu patterns is missing", count);
    patterns->list = list ? otel_allocate(count * sizeof *patterns->list) : NULL;
    for (; patterns->list && patterns->count < count; patterns->count++) {
        const char *pattern = list[patterns->count];
        if (!otel__pattern_copy(&patterns->list[patterns->count], pattern ? pattern : "", who)) return false;
    }
    return patterns->list != NULL;
}

bool otel__patterns_match(const otel__patterns *patterns, const char *name)
{
    for (size_t i = 0; i < patterns->count; i++)
        if (otel__pattern_matches(patterns->list[i], name, strlen(name))) return true;
    return false;
}

void otel__patterns_free(otel__patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++) otel_release(patterns->list[i]);
    otel_release(patterns->list);
}
