/* The baggage processor that the operator asks for. */
#ifndef OTEL__BAGGAGE_ATTRIBUTES_H
#define OTEL__BAGGAGE_ATTRIBUTES_H
#include <otel/otel.h>

/* Puts it in front of the program's own processors. What it answers (NULL: nothing was asked for, or there
 * is no memory) is given to otel_release when the provider has taken the options. */
otel_log_processor **otel__baggage_attributes(otel_options *options);
#endif
