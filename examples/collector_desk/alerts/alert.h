/* The alerts of the desk: rules that are evaluated in its loop, each with a state that outlives the process. */
#ifndef DESK_ALERT_H
#define DESK_ALERT_H
#include "alert_rules.h"
#include "../buffer.h"

typedef struct desk_alerts desk_alerts;

/* Reads the rules and checks that their queries can be asked of the database, which must be there. Both paths must live
 * as long as the alerts. NULL: said on standard error what is wrong, each fault with its line. */
desk_alerts *desk_alerts_new(const char *rules_path, const char *database_path);
/* Waits a moment for messages that are under way. */
void desk_alerts_destroy(desk_alerts *alerts);

/* All of the following take alerts of NULL: there are none. */

/* Evaluates one rule at most, of those that are due, and sees to what was started: never waits for anybody. */
void desk_alerts_look(desk_alerts *alerts, uint64_t now_ms);
/* -1: nothing to come. */
int desk_alerts_timeout_ms(const desk_alerts *alerts, uint64_t now_ms);
/* Writes them as a JSON array, in the order of the file. */
void desk_alerts_write(const desk_alerts *alerts, desk_buffer *buffer);
#endif
