/* The rules of the alerts, read from a file: sections of `key = value` lines (README.md, Alerts). */
#ifndef DESK_ALERT_RULES_H
#define DESK_ALERT_RULES_H
#include "../desk.h"

#define DESK_ALERT_RULES_MAX_BYTES ((size_t)1024 * 1024)
enum { DESK_ALERT_RULES_MAX = 200, DESK_ALERT_NAME_MAX_BYTES = 100, DESK_ALERT_QUERY_MAX_BYTES = 16 * 1024 };

typedef enum desk_comparison {
    DESK_MORE,
    DESK_MORE_OR_EQUAL,
    DESK_LESS,
    DESK_LESS_OR_EQUAL,
    DESK_EQUAL,
    DESK_NOT_EQUAL
} desk_comparison;

typedef struct desk_alert_rule {
    char *name;
    char *query;
    char *webhook; /* NULL: none; may hold a secret, so nobody shows it */
    char *command; /* NULL: none */
    desk_comparison comparison;
    double threshold;
    bool counts_rows;           /* never the number in the only cell */
    uint64_t window_ms;         /* 0: all that is there */
    uint64_t every_ms;          /* from one evaluation to the next */
    uint64_t query_timeout_ms;  /* the desk takes nothing in meanwhile */
    uint64_t notify_timeout_ms; /* of the webhook and of the command, each */
    unsigned query_line;        /* where the query begins in the file, from 1 on; a line of it is a line of the file */
    unsigned query_column;      /* how many bytes stand before it there */
} desk_alert_rule;

typedef struct desk_alert_rules {
    desk_alert_rule *at;
    size_t count;
} desk_alert_rules;

typedef void desk_alert_complain(void *context, unsigned line, const char *words);

/* Reads all rules. False: there are faults, each of which was given to `complain` with its line (0: the whole file);
 * *rules is empty then. To be released by desk_alert_rules_release. */
bool desk_alert_rules_read(desk_alert_rules *rules, desk_text text, desk_alert_complain *complain, void *context);
void desk_alert_rules_release(desk_alert_rules *rules);

/* ">=" and the like. */
const char *desk_comparison_text(desk_comparison comparison);
#endif
