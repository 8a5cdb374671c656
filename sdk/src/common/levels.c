/* Levels of the application. */
#include "levels.h"
#include <otel/sdk/diag.h>
#include <string.h>
#include <strings.h>

/* "off" lets through what has no severity at all: that passes every minimum. */
static bool parse_level(const char *text, size_t size, int32_t *rank)
{
    otel_severity severity;
    bool off = size == 3 && strncasecmp(text, "off", 3) == 0;
    if (!off && !otel_severity_parse(text, size, &severity)) return false;
    *rank = off ? OTEL_SEVERITY_RANK(0) : severity == 0 ? OTEL_SEVERITY_TRACE : severity;
    return true;
}

static void trim(const char **text, size_t *size)
{
    while (*size && (**text == ' ' || **text == '\t')) (*text)++, (*size)--;
    while (*size && ((*text)[*size - 1] == ' ' || (*text)[*size - 1] == '\t')) (*size)--;
}

static bool parse_rule(const char *text, size_t size, otel__level_rule *rule)
{
    const char *equals = memchr(text, '=', size);
    if (!equals) return false;
    const char *name = text, *level = equals + 1;
    size_t name_size = (size_t)(equals - text), level_size = size - name_size - 1;
    trim(&name, &name_size);
    trim(&level, &level_size);
    const char *star = memchr(name, '*', name_size);
    if (!name_size || name_size >= sizeof rule->pattern || (star && star != name + name_size - 1)) return false;
    memcpy(rule->pattern, name, name_size);
    rule->pattern[name_size] = '\0';
    return parse_level(level, level_size, &rule->rank);
}

static void add(otel__levels *levels, const char *text, size_t size)
{
    otel__level_rule rule = {.rank = 0};
    if (levels->count == OTEL__LEVEL_RULES_MAX || !parse_rule(text, size, &rule))
        otel_diag(OTEL_SEVERITY_WARN, "levels", "\"%.*s\" is not NAME=LEVEL or one too many, it is left out",
                  (int)(size < 64 ? size : 64), text);
    else
        levels->rules[levels->count++] = rule;
}

/* A first rule for "*" is what all others differ from; without it, loggers that match nothing record everything. */
static void summarize(otel__levels *levels)
{
    int32_t base =
        levels->count && strcmp(levels->rules[0].pattern, "*") == 0 ? levels->rules[0].rank : OTEL_SEVERITY_TRACE;
    levels->lowest = base;
    levels->differ = false;
    for (uint32_t i = 0; i < levels->count; i++) {
        if (levels->rules[i].rank != base) levels->differ = true;
        if (levels->rules[i].rank < levels->lowest) levels->lowest = levels->rules[i].rank;
    }
}

void otel__levels_read(otel__levels *levels, const char *text)
{
    levels->count = 0;
    while (text && *text) {
        text += strspn(text, " \t\r");
        if (*text == '#') text += strcspn(text, "\n");
        size_t size = strcspn(text, ",\r\n#");
        if (size) add(levels, text, size);
        text += size + (text[size] && text[size] != '#');
    }
    summarize(levels);
}

static bool matches(const char *pattern, const char *name)
{
    size_t n = strlen(pattern);
    if (n && pattern[n - 1] == '*') return strncmp(pattern, name, n - 1) == 0;
    return strcmp(pattern, name) == 0;
}

int32_t otel__levels_for(const otel__levels *levels, const char *name)
{
    for (uint32_t i = levels ? levels->count : 0; i > 0; i--)
        if (matches(levels->rules[i - 1].pattern, name)) return levels->rules[i - 1].rank;
    return OTEL_SEVERITY_TRACE;
}

bool otel__levels_name_listed(const char *list, const char *name)
{
    char pattern[OTEL__LEVEL_PATTERN_MAX];
    while (list && *list) {
        const char *text = list;
        size_t size = strcspn(list, ",");
        list += size + (list[size] == ',');
        trim(&text, &size);
        if (!size || size >= sizeof pattern) continue;
        memcpy(pattern, text, size);
        pattern[size] = '\0';
        if (matches(pattern, name)) return true;
    }
    return false;
}
