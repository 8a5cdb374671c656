/* "name=value;name=value", as connection strings and authentication strings are written. */
#ifndef OTEL__AZURE_PAIRS_H
#define OTEL__AZURE_PAIRS_H
#include <otel/base.h>

/* 1: the next pair, without the blanks around name and value; *at moves on. 0: the end. -1: a piece without '='. Empty
 * pieces are passed over; the first '=' counts. */
int otel__azure_pair_next(const char **at, otel_str *name, otel_str *value);
/* In any case, ASCII without a locale. */
bool otel__azure_same(otel_str text, const char *word);
/* Without these characters at its ends. */
otel_str otel__azure_trim(otel_str text, const char *unwanted);
#endif
