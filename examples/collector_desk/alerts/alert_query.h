/* The question of a rule and the number that answers it. */
#ifndef DESK_ALERT_QUERY_H
#define DESK_ALERT_QUERY_H
#include <sqlite3.h>

#include "alert_rules.h"
#include "alert_state.h"

/* Whether the query can be asked at all; if not, *line and *column say where in the file of the rules, and `words` why.
 */
bool desk_alert_query_check(sqlite3 *database, const desk_alert_rule *rule, unsigned *line, unsigned *column,
                            char words[DESK_ALERT_WORDS]);

/* Asks it, for as long as the rule allows. The value is the number in the only cell of a result of one row and one
 * column, else the number of rows; a cell that is empty gives none. False: `words` says why there is no answer. */
bool desk_alert_query_ask(sqlite3 *database, const desk_alert_rule *rule, int64_t now_unix_ns, bool *has_value,
                          double *value, char words[DESK_ALERT_WORDS]);
#endif
