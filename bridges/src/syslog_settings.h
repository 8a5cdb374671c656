/* What openlog and setlogmask have said. */
#ifndef OTEL__BRIDGE_SYSLOG_SETTINGS_H
#define OTEL__BRIDGE_SYSLOG_SETTINGS_H
#include <stdbool.h>
#include <stdint.h>

enum { OTEL__IDENT_MAX = 63 };

typedef struct otel__syslog_settings {
    char ident[OTEL__IDENT_MAX + 1]; /* empty: none was given */
    int32_t option;
    int32_t facility; /* 0: none was given */
} otel__syslog_settings;

/* Whole at any moment, in any thread, in the child of a fork and in a signal handler: never waits, allocates nothing. */
otel__syslog_settings otel__syslog_settings_now(void);
void otel__syslog_settings_open(const char *ident, int option, int facility);
void otel__syslog_settings_close(void);

int otel__syslog_mask_set(int mask); /* 0: only asks */
bool otel__syslog_mask_lets(int priority);
#endif
