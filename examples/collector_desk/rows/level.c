/* One table for all that is said about severities. */
#include "level.h"

#include <strings.h>

typedef struct level {
    desk_text name, other_name;
    int severity_level;
} level;

/* Four numbers each: 1-4, 5-8, ... 21-24. */
static const level levels[] = {
    {DESK_TEXT_INIT("TRACE"), DESK_TEXT_INIT("VERBOSE"), 0},
    {DESK_TEXT_INIT("DEBUG"), DESK_TEXT_INIT("VERBOSE"), 0},
    {DESK_TEXT_INIT("INFO"), DESK_TEXT_INIT("INFORMATION"), 1},
    {DESK_TEXT_INIT("WARNING"), DESK_TEXT_INIT("WARN"), 2},
    {DESK_TEXT_INIT("ERROR"), DESK_TEXT_INIT("ERR"), 3},
    {DESK_TEXT_INIT("CRITICAL"), DESK_TEXT_INIT("FATAL"), 4},
};

static const level *find_level(int64_t severity)
{
    if (severity < 1) return NULL;
    return &levels[severity > 24 ? 5 : (severity - 1) / 4];
}

int desk_severity_level(int64_t severity)
{
    const level *found = find_level(severity);
    return found ? found->severity_level : 1;
}

desk_text desk_level_name(int64_t severity)
{
    const level *found = find_level(severity);
    return found ? found->name : (desk_text){NULL, 0};
}

static bool same_word(desk_text a, desk_text b)
{
    return a.size == b.size && strncasecmp(a.at, b.at, a.size) == 0;
}

bool desk_level_is_told(int64_t severity, desk_text text)
{
    const level *found = find_level(severity);
    return found && (same_word(text, found->name) || same_word(text, found->other_name));
}
