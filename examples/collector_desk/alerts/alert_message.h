/* An alert as JSON, and what is said when it fires or resolves. */
#ifndef DESK_ALERT_MESSAGE_H
#define DESK_ALERT_MESSAGE_H
#include "alert_rules.h"
#include "alert_state.h"
#include "../buffer.h"

typedef struct desk_alert {
    const desk_alert_rule *rule;
    desk_alert_state state;
    char evaluated[32];                  /* ""; never */
    char query_words[DESK_ALERT_WORDS];  /* why it could not be evaluated; "": it could */
    char errand_words[DESK_ALERT_WORDS]; /* why the last message did not arrive; "": it did */
} desk_alert;

/* As GET /alerts shows it: neither webhook nor command, which may hold secrets. */
void desk_put_alert(desk_buffer *buffer, const desk_alert *alert);

enum { DESK_ALERT_VARIABLES = 8 };

typedef struct desk_alert_message {
    desk_buffer json;
    desk_buffer strings;
    const char *command[DESK_ALERT_VARIABLES]; /* for the environment: NAME=value, the last NULL */
    const char *webhook[2];
} desk_alert_message;

/* What is to be said about the state that the alert has now. To be released in any case. False: out of memory. */
bool desk_alert_message_make(desk_alert_message *message, const desk_alert *alert);
void desk_alert_message_release(desk_alert_message *message);
#endif
