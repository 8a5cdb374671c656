/* Severity in the portal's two forms: severityLevel 0..4 and the words of customDimensions.level. */
#ifndef DESK_LEVEL_H
#define DESK_LEVEL_H
#include "../desk.h"

/* 0 verbose .. 4 critical; an unset severity counts as information. */
int desk_severity_level(int64_t severity);
/* TRACE DEBUG INFO WARNING ERROR CRITICAL; {NULL, 0} when the number is unset. */
desk_text desk_level_name(int64_t severity);
/* True when the text says what the number says already, in any case: WARN and WARNING, FATAL and CRITICAL. */
bool desk_level_is_told(int64_t severity, desk_text text);
#endif
