/* Priorities of syslog: `<N>` before a line, N being facility * 8 + level, as sd-daemon(3) and logger(1) write them. */
#ifndef OTEL__PRIORITY_H
#define OTEL__PRIORITY_H
#include <stdbool.h>
#include <stddef.h>

#include <otel/severity.h>

typedef struct otel__priority {
    otel_severity severity;
    int facility;
    size_t size; /* of the prefix */
} otel__priority;

/* false: the line has no prefix, or N is above 191. */
bool otel__priority_read(const char *line, size_t size, otel__priority *priority);

/* Of the levels 0 (emergency) to 7 (debug). (Logs Data Model, "Appendix B") */
otel_severity otel__severity_of_level(unsigned level);
#endif
