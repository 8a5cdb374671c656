/* What a redaction makes of a value. */
#ifndef OTEL__PROCESSORS_REDACTION_H
#define OTEL__PROCESSORS_REDACTION_H
#include "scratch.h"
#include <otel/attr.h>
#include <regex.h>

typedef struct otel__redaction {
    const char *key;       /* pattern; NULL: whatever the key */
    const char *text;      /* the expression; NULL: a matching key is enough */
    regex_t *expression;   /* compiled, in the "C" locale, which must be the thread's whenever it is used */
    otel_value substitute; /* a string when there is an expression */
} otel__redaction;

/* Compiles, in the thread's locale. NULL: done; else what is wrong with it, in words. */
const char *otel__redaction_compile(otel__redaction *redaction, char words[128]);
void otel__redaction_free(otel__redaction *redaction);

/* Changes the value of an attribute. true: it is another now, made in scratch. With scratch->failed set afterwards the
 * value is not to be used. */
bool otel__redact_attr(const otel__redaction *redaction, otel__scratch *scratch, otel_attr *attr);
/* The same for a value that has no key: a body. */
bool otel__redact_value(const otel__redaction *redaction, otel__scratch *scratch, otel_value *value);
#endif
