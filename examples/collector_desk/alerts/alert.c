/* Evaluates rules on schedule. A change is put into the database before anybody is told: a desk that is started again
 * goes on where it was. */
#include "alert.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alert_errand.h"
#include "alert_message.h"
#include "alert_query.h"
#include "../server/holding.h"
#include "../rows/row_time.h"

enum { MOST_FAULTS_SAID = 20, FAREWELL_MS = 2000 };

struct desk_alerts {
    const char *database_path;
    desk_alert_rules rules;
    desk_alert *alerts; /* as many as there are rules, in their order */
    uint64_t *due_ms;
    desk_errands errands;
};

typedef struct faults {
    const char *path;
    unsigned count;
} faults;

static void complain(void *context, unsigned line, const char *words)
{
    faults *all = context;
    if (++all->count > MOST_FAULTS_SAID) return;
    if (line)
        fprintf(stderr, "collector_desk: %s:%u: %s\n", all->path, line, words);
    else
        fprintf(stderr, "collector_desk: %s: %s\n", all->path, words);
}

static bool read_file(const char *path, desk_buffer *text)
{
    FILE *file = fopen(path, "re");
    size_t got = file ? 1 : 0;
    while (got && text->size <= DESK_ALERT_RULES_MAX_BYTES) {
        char *at = desk_buffer_reserve(text, 4096);
        got = at ? fread(at, 1, 4096, file) : 0;
        text->size += got;
    }
    bool whole = file && !ferror(file) && !text->failed;
    if (!whole) fprintf(stderr, "collector_desk: the alerts cannot be read: %s: %s\n", path, strerror(errno));
    if (file) fclose(file);
    return whole;
}

static bool read_rules(const char *path, desk_alert_rules *rules)
{
    desk_buffer text = {0};
    faults all = {path, 0};
    bool read = read_file(path, &text) && desk_alert_rules_read(rules, desk_buffer_text(&text), complain, &all);
    if (all.count > MOST_FAULTS_SAID) fprintf(stderr, "collector_desk: %s: and more\n", path);
    if (read && rules->count == 0) fprintf(stderr, "collector_desk: %s: there are no rules in it\n", path);
    desk_buffer_release(&text);
    return read;
}

/* Queries are checked before the desk listens: a rule that could never be evaluated is a fault like any other. */
static bool check_queries(const desk_alert_rules *rules, sqlite3 *database, const char *path)
{
    char words[DESK_ALERT_WORDS], place[DESK_ALERT_WORDS + 40];
    faults all = {path, 0};
    for (size_t i = 0; i < rules->count; i++) {
        unsigned line, column;
        if (desk_alert_query_check(database, &rules->at[i], &line, &column, words)) continue;
        snprintf(place, sizeof place, "column %u: %s", column, words);
        complain(&all, line, place);
    }
    return all.count == 0;
}

/* A database that is locked just now is read when the alert is evaluated. */
static void recall(desk_alerts *alerts, sqlite3 *database)
{
    char words[DESK_ALERT_WORDS];
    for (size_t i = 0; i < alerts->rules.count; i++) {
        alerts->alerts[i].rule = &alerts->rules.at[i];
        desk_alert_state_load(database, alerts->rules.at[i].name, &alerts->alerts[i].state, words);
    }
}

static bool prepare(desk_alerts *alerts, const char *rules_path)
{
    char words[DESK_ALERT_WORDS];
    sqlite3 *database = desk_alert_database(alerts->database_path, words);
    if (!database) {
        fprintf(stderr, "collector_desk: the alerts cannot be prepared: %s\n", words);
        return false;
    }
    bool good = check_queries(&alerts->rules, database, rules_path);
    if (good) recall(alerts, database);
    sqlite3_close(database);
    return good;
}

static desk_alert *find(desk_alerts *alerts, const desk_alert_rule *rule)
{
    return &alerts->alerts[rule - alerts->rules.at];
}

static void note_errand(void *context, const desk_alert_rule *rule, const char *words)
{
    desk_alert *alert = find(context, rule);
    snprintf(alert->errand_words, sizeof alert->errand_words, "%s", words);
    if (*words) fprintf(stderr, "collector_desk: alert %s: %s\n", rule->name, words);
}

desk_alerts *desk_alerts_new(const char *rules_path, const char *database_path)
{
    desk_alerts *alerts = calloc(1, sizeof *alerts);
    if (!alerts) return NULL;
    alerts->database_path = database_path;
    alerts->errands = (desk_errands){.done = note_errand, .context = alerts};
    if (read_rules(rules_path, &alerts->rules)) {
        alerts->alerts = calloc(alerts->rules.count + 1, sizeof *alerts->alerts);
        alerts->due_ms = calloc(alerts->rules.count + 1, sizeof *alerts->due_ms);
    }
    if (alerts->alerts && alerts->due_ms && prepare(alerts, rules_path)) return alerts;
    desk_alerts_destroy(alerts);
    return NULL;
}

void desk_alerts_destroy(desk_alerts *alerts)
{
    if (!alerts) return;
    desk_errands_end(&alerts->errands, FAREWELL_MS);
    desk_alert_rules_release(&alerts->rules);
    free(alerts->alerts);
    free(alerts->due_ms);
    free(alerts);
}

static bool holds(const desk_alert_rule *rule, double value)
{
    switch (rule->comparison) {
    case DESK_MORE:
        return value > rule->threshold;
    case DESK_MORE_OR_EQUAL:
        return value >= rule->threshold;
    case DESK_LESS:
        return value < rule->threshold;
    case DESK_LESS_OR_EQUAL:
        return value <= rule->threshold;
    case DESK_EQUAL:
        return value == rule->threshold;
    default:
        return value != rule->threshold;
    }
}

static void tell(desk_alerts *alerts, desk_alert *alert)
{
    const desk_alert_rule *rule = alert->rule;
    desk_alert_message message;
    bool told = desk_alert_message_make(&message, alert);
    if (told && rule->webhook)
        told = desk_errands_add(&alerts->errands, rule, DESK_WEBHOOK, desk_buffer_text(&message.json), message.webhook);
    if (told && rule->command)
        told = desk_errands_add(&alerts->errands, rule, DESK_COMMAND, desk_buffer_text(&message.json), message.command);
    if (!told) note_errand(alerts, rule, "a message was left out: too many wait, or out of memory");
    desk_alert_message_release(&message);
}

/* True: the state is another one, and the database knows. Out of a first evaluation that finds all well nothing is
 * made. */
static bool change(desk_alert *alert, sqlite3 *database, const desk_alert_state *now)
{
    desk_alert_state before;
    const char *name = alert->rule->name;
    if (!desk_alert_state_load(database, name, &before, alert->query_words)) return false;
    alert->state = before;
    alert->state.has_value = now->has_value;
    alert->state.value = now->value;
    if (before.since[0] && before.firing == now->firing) return false;
    if (!desk_alert_state_save(database, name, now, alert->query_words)) return false;
    alert->state = *now;
    return before.firing != now->firing;
}

static int64_t unix_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void put_time(char room[32], int64_t unix_ns)
{
    room[desk_timestamp((uint64_t)unix_ns, room).size] = '\0';
}

/* The database is opened for each evaluation: whatever file lies there now is the one that is asked. */
static void evaluate(desk_alerts *alerts, desk_alert *alert)
{
    int64_t unix_ns = unix_now_ns();
    desk_alert_state now = {0};
    put_time(now.since, unix_ns);
    put_time(alert->evaluated, unix_ns);
    alert->query_words[0] = '\0';
    sqlite3 *database = desk_alert_database(alerts->database_path, alert->query_words);
    if (!database) return;
    if (desk_alert_query_ask(database, alert->rule, unix_ns, &now.has_value, &now.value, alert->query_words)) {
        now.firing = now.has_value && holds(alert->rule, now.value);
        if (change(alert, database, &now)) tell(alerts, alert);
    }
    sqlite3_close(database);
}

void desk_alerts_look(desk_alerts *alerts, uint64_t now_ms)
{
    if (!alerts) return;
    size_t first = 0;
    for (size_t i = 1; i < alerts->rules.count; i++) {
        if (alerts->due_ms[i] < alerts->due_ms[first]) first = i;
    }
    if (alerts->rules.count && alerts->due_ms[first] <= now_ms) {
        evaluate(alerts, &alerts->alerts[first]);
        alerts->due_ms[first] = desk_now_ms() + alerts->rules.at[first].every_ms;
    }
    desk_errands_look(&alerts->errands, desk_now_ms());
}

int desk_alerts_timeout_ms(const desk_alerts *alerts, uint64_t now_ms)
{
    if (!alerts) return -1;
    uint64_t next = now_ms + 60000;
    for (size_t i = 0; i < alerts->rules.count; i++) {
        if (alerts->due_ms[i] < next) next = alerts->due_ms[i];
    }
    int errands = desk_errands_timeout_ms(&alerts->errands, now_ms);
    int rules = next <= now_ms ? 0 : (int)(next - now_ms);
    return errands >= 0 && errands < rules ? errands : rules;
}

void desk_alerts_write(const desk_alerts *alerts, desk_buffer *buffer)
{
    size_t count = alerts ? alerts->rules.count : 0;
    desk_put_byte(buffer, '[');
    for (size_t i = 0; i < count; i++) {
        if (i) desk_put_byte(buffer, ',');
        desk_put_alert(buffer, &alerts->alerts[i]);
    }
    desk_put_byte(buffer, ']');
}
