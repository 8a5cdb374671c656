/* Environment variables with the specification's parsing rules. */
#include "environment.h"
#include <otel/sdk/diag.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static _Thread_local otel__env_reading *reading;

void otel__env_begin(otel__env_reading *of_provider, bool ignored)
{
    *of_provider = (otel__env_reading){.outer = reading, .ignored = ignored};
    reading = of_provider;
}

void otel__env_end(const otel__env_reading *of_provider)
{
    reading = of_provider->outer;
}

const char *otel_env_text(const char *name)
{
    const char *text = name && !(reading && reading->ignored) ? getenv(name) : NULL;
    return text && *text ? text : NULL;
}

/* Two exporters of one provider read the same variable; what is wrong with it is said once. */
static bool said_before(const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    if (!reading) return false;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    for (uint32_t i = 0; i < reading->count; i++)
        if (reading->said[i] == hash) return true;
    if (reading->count < sizeof reading->said / sizeof *reading->said) reading->said[reading->count++] = hash;
    return false;
}

/* Each of these says what is wrong with the text, and answers whether there is a value none the less. */
static bool parse_number(const otel_variable *v, const char *name, const char *text, uint64_t *value)
{
    uint64_t n = 0;
    const char *at = text + strspn(text, " \t");
    bool whole = *at >= '0' && *at <= '9';
    for (; *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (n > (UINT64_MAX - digit) / 10) whole = false;
        n = n * 10 + digit;
    }
    whole = whole && !at[strspn(at, " \t")] && n >= v->least && n <= v->most;
    if (whole)
        *value = n;
    else if (!said_before(name))
        otel_diag(OTEL_SEVERITY_WARN, "environment", "%s is not a number from %u to %u, it is ignored: \"%.64s\"", name,
                  v->least, v->most, text);
    return whole;
}

static bool parse_boolean(const char *name, const char *text, uint64_t *value)
{
    *value = strcasecmp(text, "true") == 0;
    if (!*value && strcasecmp(text, "false") != 0 && !said_before(name))
        otel_diag(OTEL_SEVERITY_WARN, "environment", "%s is neither true nor false, false is used: \"%.64s\"", name,
                  text);
    return true;
}

static bool parse_choice(const otel_variable *v, const char *name, const char *text, uint64_t *value)
{
    size_t size = strlen(text);
    uint64_t nth = 0;
    for (const char *at = v->choices; *at; nth++) {
        size_t n = strcspn(at, "|");
        if (n == size && strncasecmp(at, text, n) == 0) {
            *value = nth;
            return true;
        }
        at += n + (at[n] != '\0');
    }
    if (!said_before(name))
        otel_diag(OTEL_SEVERITY_WARN, "environment", "%s is none of %s, it is ignored: \"%.64s\"", name, v->choices,
                  text);
    return false;
}

bool otel_env_parse(const otel_variable *variable, const char *name, const char *text, uint64_t *value)
{
    switch (variable->type) {
    case OTEL_VARIABLE_BOOLEAN:
        return parse_boolean(name, text, value);
    case OTEL_VARIABLE_NUMBER:
        return parse_number(variable, name, text, value);
    case OTEL_VARIABLE_ENUM:
        return parse_choice(variable, name, text, value);
    default:
        return false;
    }
}

bool otel_env_read(const otel_variable *variable, uint64_t *value)
{
    const char *text = otel_env_text(variable->name);
    return text && otel_env_parse(variable, variable->name, text, value);
}

bool otel_env_number(const char *name, uint32_t most, uint64_t *value)
{
    return otel_env_read(&(otel_variable){.name = name, .type = OTEL_VARIABLE_NUMBER, .most = most}, value);
}

bool otel_env_flag(const char *name, bool absent)
{
    uint64_t value = absent;
    otel_env_read(&(otel_variable){.name = name, .type = OTEL_VARIABLE_BOOLEAN}, &value);
    return value != 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool otel__percent_decode(char *text)
{
    char *to = text;
    for (; *text; text++) {
        if (*text != '%') {
            *to++ = *text;
            continue;
        }
        int high = hex_digit(text[1]), low = high < 0 ? -1 : hex_digit(text[2]);
        if (low < 0 || (high == 0 && low == 0)) return false;
        *to++ = (char)(high << 4 | low);
        text += 2;
    }
    *to = '\0';
    return true;
}

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t') text++;
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t')) text[--n] = '\0';
    return text;
}

int32_t otel_env_list_next(char **at, char **key, char **value, bool decode_keys)
{
    char *entry = *at;
    if (!entry || !*entry) return 0;
    char *comma = strchr(entry, ',');
    *at = comma ? comma + 1 : entry + strlen(entry);
    if (comma) *comma = '\0';
    char *equals = strchr(entry, '=');
    if (!equals) return -1;
    *equals = '\0';
    *key = trim(entry);
    *value = trim(equals + 1);
    if (!**key || (decode_keys && !otel__percent_decode(*key)) || !otel__percent_decode(*value)) return -1;
    return 1;
}
