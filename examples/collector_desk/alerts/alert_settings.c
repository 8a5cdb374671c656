/* What may stand behind each key of a rule. */
#include "alert_settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const comparisons[] = {">", ">=", "<", "<=", "==", "!="};

const char *desk_comparison_text(desk_comparison comparison)
{
    return comparisons[comparison];
}

static const char *keep(char **to, const char *value)
{
    *to = strdup(value);
    return *to ? NULL : "is more than there is memory for";
}

static const char *set_query(desk_alert_rule *rule, const char *value)
{
    if (strlen(value) > DESK_ALERT_QUERY_MAX_BYTES) return "is longer than 16 KiB";
    return keep(&rule->query, value);
}

static const char *set_command(desk_alert_rule *rule, const char *value)
{
    return keep(&rule->command, value);
}

static const char *set_webhook(desk_alert_rule *rule, const char *value)
{
    bool known = strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0;
    for (const char *at = value; *at; at++) known = known && *at > ' ' && *at < 0x7f;
    return known ? keep(&rule->webhook, value) : "must be an http:// or https:// URL";
}

static const char *set_comparison(desk_alert_rule *rule, const char *value)
{
    for (unsigned i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        if (strcmp(value, comparisons[i]) != 0) continue;
        rule->comparison = (desk_comparison)i;
        return NULL;
    }
    return "must be one of > >= < <= == !=";
}

static const char *set_threshold(desk_alert_rule *rule, const char *value)
{
    char *end;
    rule->threshold = strtod(value, &end);
    bool plain = value[strspn(value, "0123456789+-.eE")] == '\0';
    return plain && *end == '\0' && isfinite(rule->threshold) ? NULL : "must be a number";
}

static const char *set_measure(desk_alert_rule *rule, const char *value)
{
    rule->counts_rows = strcmp(value, "rows") == 0;
    return rule->counts_rows || strcmp(value, "number") == 0 ? NULL : "must be number or rows";
}

/* A number and its unit, in milliseconds; 0: it is none, or longer than a year. */
static uint64_t read_duration(const char *value)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 9) return 0;
    uint64_t number = strtoul(value, NULL, 10), longest = 366 * units[4].ms;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(value + digits, units[i].name) == 0)
            return number <= longest / units[i].ms ? number * units[i].ms : 0;
    }
    return 0;
}

static const char *set_window(desk_alert_rule *rule, const char *value)
{
    rule->window_ms = read_duration(value);
    return rule->window_ms ? NULL : "must be like 30s, 5m, 2h, 7d";
}

static const char *set_every(desk_alert_rule *rule, const char *value)
{
    rule->every_ms = read_duration(value);
    return rule->every_ms >= 100 ? NULL : "must be like 10s, 5m, 2h, and at least 100ms";
}

static const char *set_query_timeout(desk_alert_rule *rule, const char *value)
{
    rule->query_timeout_ms = read_duration(value);
    bool good = rule->query_timeout_ms && rule->query_timeout_ms <= 10000;
    return good ? NULL : "must be like 500ms or 2s, and at most 10s";
}

static const char *set_timeout(desk_alert_rule *rule, const char *value)
{
    rule->notify_timeout_ms = read_duration(value);
    bool good = rule->notify_timeout_ms && rule->notify_timeout_ms <= 3600000;
    return good ? NULL : "must be like 10s or 1m, and at most 1h";
}

/* The query first: DESK_ALERT_QUERY_SETTING. */
static const struct {
    const char *key;
    const char *(*set)(desk_alert_rule *rule, const char *value);
} settings[] = {{"query", set_query},         {"window", set_window},
                {"measure", set_measure},     {"comparison", set_comparison},
                {"threshold", set_threshold}, {"every", set_every},
                {"webhook", set_webhook},     {"command", set_command},
                {"timeout", set_timeout},     {"query_timeout", set_query_timeout}};
enum { SETTINGS = sizeof settings / sizeof *settings };

int desk_alert_setting(desk_text key)
{
    for (int i = 0; i < SETTINGS; i++) {
        if (desk_text_is(key, (desk_text){settings[i].key, strlen(settings[i].key)})) return i;
    }
    return -1;
}

const char *desk_alert_setting_key(int setting)
{
    return settings[setting].key;
}

const char *desk_alert_setting_set(desk_alert_rule *rule, int setting, const char *value)
{
    return *value ? settings[setting].set(rule, value) : "has no value";
}
