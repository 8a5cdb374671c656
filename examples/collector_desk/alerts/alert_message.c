/* Everything that a rule's author or a record's wrote is a JSON string here, or a variable of the environment. */
#include "alert_message.h"

#include <string.h>

#include "alert_post.h"

static void put_text(desk_buffer *buffer, const char *text)
{
    desk_put(buffer, (desk_text){text, strlen(text)});
}

static void put_key(desk_buffer *buffer, const char *key)
{
    put_text(buffer, buffer->at[buffer->size - 1] == '{' ? "\"" : ",\"");
    put_text(buffer, key);
    put_text(buffer, "\":");
}

/* "": null. */
static void put_string(desk_buffer *buffer, const char *key, const char *value)
{
    put_key(buffer, key);
    if (*value)
        desk_put_json_string(buffer, (desk_text){value, strlen(value)});
    else
        put_text(buffer, "null");
}

static void put_number(desk_buffer *buffer, const char *key, bool is_there, double value)
{
    put_key(buffer, key);
    if (is_there)
        desk_put_double(buffer, value);
    else
        put_text(buffer, "null");
}

static void put_alert(desk_buffer *buffer, const desk_alert *alert, const char *state)
{
    const desk_alert_rule *rule = alert->rule;
    desk_put_byte(buffer, '{');
    if (buffer->failed) return;
    put_string(buffer, "name", rule->name);
    put_string(buffer, "query", rule->query);
    put_string(buffer, "state", state);
    put_number(buffer, "value", alert->state.has_value, alert->state.value);
    put_string(buffer, "comparison", desk_comparison_text(rule->comparison));
    put_number(buffer, "threshold", true, rule->threshold);
    put_number(buffer, "window_seconds", rule->window_ms != 0, (double)rule->window_ms / 1000);
    put_string(buffer, "since", alert->state.since);
    put_string(buffer, "last_evaluated", alert->evaluated);
}

void desk_put_alert(desk_buffer *buffer, const desk_alert *alert)
{
    put_alert(buffer, alert, alert->state.firing ? "firing" : "ok");
    if (buffer->failed) return;
    put_string(buffer, "error", alert->query_words[0] ? alert->query_words : alert->errand_words);
    desk_put_byte(buffer, '}');
}

static const char *state_word(const desk_alert *alert)
{
    return alert->state.firing ? "firing" : "resolved";
}

/* Room for all strings is made first: nothing may move once a pointer to it is kept. */
static const char *put_variable(desk_buffer *strings, const char *name, const char *value)
{
    size_t begin = strings->size;
    put_text(strings, name);
    put_text(strings, value);
    desk_put_byte(strings, '\0');
    return strings->at + begin;
}

static const char *put_number_variable(desk_buffer *strings, const char *name, bool is_there, double value)
{
    size_t begin = strings->size;
    put_text(strings, name);
    if (is_there) desk_put_double(strings, value);
    desk_put_byte(strings, '\0');
    return strings->at + begin;
}

static void put_variables(desk_alert_message *message, const desk_alert *alert)
{
    const desk_alert_rule *rule = alert->rule;
    desk_buffer *strings = &message->strings;
    const char **next = message->command;
    *next++ = put_variable(strings, "ALERT_NAME=", rule->name);
    *next++ = put_variable(strings, "ALERT_STATE=", state_word(alert));
    *next++ = put_variable(strings, "ALERT_QUERY=", rule->query);
    *next++ = put_variable(strings, "ALERT_SINCE=", alert->state.since);
    *next++ = put_variable(strings, "ALERT_COMPARISON=", desk_comparison_text(rule->comparison));
    *next++ = put_number_variable(strings, "ALERT_VALUE=", alert->state.has_value, alert->state.value);
    *next = put_number_variable(strings, "ALERT_THRESHOLD=", true, rule->threshold);
    message->webhook[0] = put_variable(strings, DESK_POST_URL "=", rule->webhook ? rule->webhook : "");
}

bool desk_alert_message_make(desk_alert_message *message, const desk_alert *alert)
{
    const desk_alert_rule *rule = alert->rule;
    *message = (desk_alert_message){0};
    put_alert(&message->json, alert, state_word(alert));
    if (message->json.failed) return false;
    desk_put_byte(&message->json, '}');
    size_t room = strlen(rule->name) + strlen(rule->query) + (rule->webhook ? strlen(rule->webhook) : 0) + 1024;
    if (!desk_buffer_reserve(&message->strings, room)) return false;
    put_variables(message, alert);
    return !message->json.failed && !message->strings.failed;
}

void desk_alert_message_release(desk_alert_message *message)
{
    desk_buffer_release(&message->json);
    desk_buffer_release(&message->strings);
}
