/* Environment variables with the specification's parsing rules. */
#include "environment.h"
#include <otel/sdk/diag.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static _Thread_local bool ignored;

void otel__env_ignore(bool ignore)
{
    ignored = ignore;
}

const char *otel_env_text(const char *name)
{
    const char *text = name && !ignored ? getenv(name) : NULL;
    return text && *text ? text : NULL;
}

static bool parse_number(const char *text, uint64_t *value)
{
    uint64_t n = 0;
    while (*text == ' ' || *text == '\t') text++;
    if (*text < '0' || *text > '9') return false;
    for (; *text >= '0' && *text <= '9'; text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (n > (UINT64_MAX - digit) / 10) return false;
        n = n * 10 + digit;
    }
    while (*text == ' ' || *text == '\t') text++;
    *value = n;
    return *text == '\0';
}

bool otel_env_number(const char *name, uint64_t most, uint64_t *value)
{
    uint64_t n;
    const char *text = otel_env_text(name);
    if (!text) return false;
    if (parse_number(text, &n) && n <= most) {
        *value = n;
        return true;
    }
    otel_diag(OTEL_SEVERITY_WARN, "environment", "%s is not a number from 0 to %llu, the default is used: \"%.64s\"",
              name, (unsigned long long)most, text);
    return false;
}

bool otel_env_flag(const char *name, bool absent)
{
    const char *text = otel_env_text(name);
    if (!text) return absent;
    if (strcasecmp(text, "true") == 0) return true;
    if (strcasecmp(text, "false") != 0)
        otel_diag(OTEL_SEVERITY_WARN, "environment", "%s is neither true nor false, false is used: \"%.64s\"", name,
                  text);
    return false;
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
