/* Patterns of names: a name, or its beginning and '*'. */
#ifndef OTEL__PROCESSORS_PATTERN_H
#define OTEL__PROCESSORS_PATTERN_H
#include <otel/base.h>

/* A copy of text that otel_release takes; *copy is NULL for NULL. false: out of memory. */
bool otel__text_copy(char **copy, const char *text);
/* The same for a pattern; false, and said, also when it is empty or has its star elsewhere. */
bool otel__pattern_copy(char **copy, const char *pattern, const char *who);
bool otel__pattern_matches(const char *pattern, const char *name, size_t name_size);

typedef struct otel__patterns {
    char **list;
    size_t count;
} otel__patterns;
bool otel__patterns_copy(otel__patterns *patterns, const char *const *list, size_t count, const char *who);
bool otel__patterns_match(const otel__patterns *patterns, const char *name);
void otel__patterns_free(otel__patterns *patterns);
#endif
