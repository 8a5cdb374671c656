/* Levels of the application: which logger is recorded from which severity on. */
#ifndef OTEL__LEVELS_H
#define OTEL__LEVELS_H
#include <otel/severity.h>

enum { OTEL__LEVEL_RULES_MAX = 64, OTEL__LEVEL_PATTERN_MAX = 128 };

typedef struct otel__level_rule {
    char pattern[OTEL__LEVEL_PATTERN_MAX]; /* a name, or its beginning and a '*' */
    int32_t rank;
} otel__level_rule;

typedef struct otel__levels {
    uint32_t count; /* 0: everything is recorded */
    int32_t lowest; /* that any logger can have */
    bool differ;    /* between loggers */
    otel__level_rule rules[OTEL__LEVEL_RULES_MAX];
} otel__levels;

/* Reads "*=info,shop.*=debug,lib=off", lines in place of commas too; what follows a # on its line is a comment. NULL:
 * no rules. What cannot be read is said, and left out. */
void otel__levels_read(otel__levels *levels, const char *text);
/* Whether the list of patterns "shop.*,lib" (NULL: empty) has one for that name. */
bool otel__levels_name_listed(const char *list, const char *name);
/* The lowest rank for a logger of that name; levels NULL or without a match: everything. */
int32_t otel__levels_for(const otel__levels *levels, const char *name);
#endif
