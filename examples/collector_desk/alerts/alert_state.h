/* What is known of one alert, and the table that keeps it: a restart neither fires nor resolves a second time. */
#ifndef DESK_ALERT_STATE_H
#define DESK_ALERT_STATE_H
#include <sqlite3.h>

#include "../desk.h"

enum { DESK_ALERT_WORDS = 512 };

typedef struct desk_alert_state {
    bool firing;
    bool has_value;
    double value;   /* of the last evaluation that gave one */
    char since[32]; /* when this state began; "": never evaluated */
} desk_alert_state;

/* Opens the database for reading and writing, but never makes one. NULL: `words` says why. */
sqlite3 *desk_alert_database(const char *path, char words[DESK_ALERT_WORDS]);

/* Reads what is kept of the alert of that name; nothing kept leaves a state of zeros. False: `words` says why. */
bool desk_alert_state_load(sqlite3 *database, const char *name, desk_alert_state *state, char words[DESK_ALERT_WORDS]);
/* True: it is on the disk. */
bool desk_alert_state_save(sqlite3 *database, const char *name, const desk_alert_state *state,
                           char words[DESK_ALERT_WORDS]);
#endif
