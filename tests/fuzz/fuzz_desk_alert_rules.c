/* The rules of the desk's alerts: whatever the file holds, rules come out that are whole, or faults with lines of the
 * file; and a window is put into any query without losing a byte of it. */
#include "collector_desk/alerts/alert_rules.c"
#include "collector_desk/alerts/alert_settings.c"
#include "collector_desk/alerts/alert_window.c"
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
    if (!holds) abort();
}

typedef struct complaints {
    unsigned count, lines;
} complaints;

static void complain(void *context, unsigned line, const char *words)
{
    complaints *all = context;
    all->count++;
    expect(line <= all->lines && *words);
}

static void check_window(const char *query)
{
    static const char inserted[] = "\n| where timestamp > ago(90s)\n";
    desk_buffer with = {0};
    desk_alert_put_query(&with, query, 90000);
    expect(with.size == strlen(query) + strlen(inserted));
    desk_put_byte(&with, '\0');
    const char *at = strstr(with.at, inserted);
    expect(at && memcmp(with.at, query, (size_t)(at - with.at)) == 0);
    desk_buffer_release(&with);
}

static void check_rule(const desk_alert_rule *rule)
{
    expect(rule->name[0] && rule->query[0] && strlen(rule->name) <= DESK_ALERT_NAME_MAX_BYTES);
    expect(rule->every_ms >= 100 && rule->query_timeout_ms > 0 && rule->notify_timeout_ms > 0 && rule->query_line > 0);
    expect(isfinite(rule->threshold) && desk_comparison_text(rule->comparison)[0]);
    expect(!rule->webhook || strncmp(rule->webhook, "http", 4) == 0);
    check_window(rule->query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    desk_alert_rules rules;
    complaints all = {0, 1};
    for (size_t i = 0; i < size; i++) all.lines += data[i] == '\n';
    bool read = desk_alert_rules_read(&rules, (desk_text){(const char *)data, size}, complain, &all);
    expect(read == (all.count == 0));
    for (size_t i = 0; i < rules.count; i++) check_rule(&rules.at[i]);
    desk_alert_rules_release(&rules);
    return 0;
}
