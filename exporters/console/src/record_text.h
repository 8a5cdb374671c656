/* A record as a line for people. */
#ifndef OTEL__CONSOLE_RECORD_TEXT_H
#define OTEL__CONSOLE_RECORD_TEXT_H
#include <otel/sdk/log_record.h>

#include "line.h"

/* Appends one line, and the lines of a stack trace, indented, behind it. */
void otel__console_record_text(otel__console_line *line, const otel_log_record *record, bool colour);
#endif
