/* Errands: a message about an alert that goes to a webhook or to a command, each through a process of its own, so that
 * one that hangs holds nobody up. */
#ifndef DESK_ALERT_ERRAND_H
#define DESK_ALERT_ERRAND_H
#include <stdbool.h>

#include "alert_rules.h"
#include "alert_state.h"

typedef enum desk_errand_kind { DESK_WEBHOOK, DESK_COMMAND } desk_errand_kind;

typedef struct desk_errand desk_errand;

/* Called when an errand is over; words are "" when it was done. */
typedef void desk_errand_done(void *context, const desk_alert_rule *rule, const char *words);

typedef struct desk_errands {
    desk_errand *first;
    desk_errand_done *done;
    void *context;
} desk_errands;

/* Takes an errand on. Those of one rule and one kind run one after the other, in their order. `json` is the message,
 * and `variables` are more of the environment: NAME=value each, the last NULL. False: out of memory, or too many wait.
 */
bool desk_errands_add(desk_errands *errands, const desk_alert_rule *rule, desk_errand_kind kind, desk_text json,
                      const char *const *variables);
/* Starts what can start, takes note of what has ended, ends what takes too long. */
void desk_errands_look(desk_errands *errands, uint64_t now_ms);
/* -1: nothing is under way. The end of a process is a SIGCHLD. */
int desk_errands_timeout_ms(const desk_errands *errands, uint64_t now_ms);
/* Waits at most so long for what is under way, then ends it. */
void desk_errands_end(desk_errands *errands, int wait_ms);
#endif
