/* Priorities of syslog: `<N>` before a line, N being facility * 8 + level, as sd-daemon(3) and logger(1) write them. */
#ifndef OTEL__PRIORITY_H
#define OTEL__PRIORITY_H
#include <stdbool.h>
#include <stddef.h>

#include <otel/severity.h>

typedef struct otel__level {
    otel_severity severity;
    const char *name; /* as syslog.conf(5) writes it: err, warning */
} otel__level;

typedef struct otel__priority {
    const otel__level *level;
    int facility;
    size_t size; /* of the prefix */
} otel__priority;

/* false: the line has no prefix, or N is above 191. */
bool otel__priority_read(const char *line, size_t size, otel__priority *priority);

/* From 0 (emergency) to 7 (debug), static. (Logs Data Model, "Appendix B") */
const otel__level *otel__syslog_level(unsigned number);
/* By the names above and those of other loggers ("warning", "critical"), in any case; false: none of them. */
bool otel__level_parse(const char *name, size_t size, otel_severity *severity);
#endif
