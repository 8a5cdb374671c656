/* The settings of a rule: their keys, and what their values may be. */
#ifndef DESK_ALERT_SETTINGS_H
#define DESK_ALERT_SETTINGS_H
#include "alert_rules.h"

enum { DESK_ALERT_QUERY_SETTING = 0 };

/* Its number, below 32; -1: there is none of that key. */
int desk_alert_setting(desk_text key);
const char *desk_alert_setting_key(int setting);
/* NULL, or what is wrong with the value. */
const char *desk_alert_setting_set(desk_alert_rule *rule, int setting, const char *value);
#endif
