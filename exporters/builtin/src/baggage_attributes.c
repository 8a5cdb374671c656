/* The baggage processor that the operator asks for. */
#include "baggage_attributes.h"
#include <otel/sdk/environment.h>
#include <string.h>

enum { NAMES_MAX = 64 };

static const otel_variable variables[] = {
#define OTEL_VARIABLE(name, kind, meaning) {#name, OTEL_P_VARIABLE_##kind},
#include "variables.def"
#undef OTEL_VARIABLE
};

/* Names in place, without the blanks around them; what goes beyond 64 is said. */
static size_t split(char *text, const char *names[NAMES_MAX])
{
    size_t count = 0;
    for (char *name = strtok_r(text, ", \t", &text); name; name = strtok_r(NULL, ", \t", &text)) {
        if (count == NAMES_MAX) {
            otel_diag(OTEL_SEVERITY_WARN, "baggage", "more than %d names: \"%.64s\" and what follows is left out",
                      NAMES_MAX, name);
            break;
        }
        names[count++] = name;
    }
    return count;
}

static otel_log_processor *make(const char *text)
{
    const char *names[NAMES_MAX];
    char *copy = otel_allocate(strlen(text) + 1);
    if (!copy) return NULL;
    strcpy(copy, text);
    otel_log_processor *made = otel_baggage_log_processor_new(names, split(copy, names));
    otel_release(copy);
    return made;
}

static otel_log_processor **prepend(otel_options *o, otel_log_processor *first)
{
    size_t count = o->log_processors ? o->log_processor_count : 0;
    otel_log_processor **list = otel_allocate(sizeof *list * (count + 1));
    if (!list) return NULL;
    list[0] = first;
    for (size_t i = 0; i < count; i++) list[i + 1] = o->log_processors[i];
    o->log_processors = list;
    o->log_processor_count = count + 1;
    return list;
}

/* A wrong list is said, and harms nothing else. */
otel_log_processor **otel__baggage_attributes(otel_options *options)
{
    const char *text = options->environment == OTEL_ENV_IGNORED ? NULL : otel_env_text(variables[0].name);
    otel_log_processor *first = text ? make(text) : NULL;
    otel_log_processor **list = first ? prepend(options, first) : NULL;
    if (text && !list)
        otel_diag(OTEL_SEVERITY_WARN, "baggage", "%s cannot be used, no baggage becomes attributes", variables[0].name);
    if (!list) otel_log_processor_destroy(first);
    return list;
}
