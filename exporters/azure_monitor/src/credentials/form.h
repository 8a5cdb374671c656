/* Names and values as queries and forms have them: "resource=https%3A%2F%2Fx&client_id=a". */
#ifndef OTEL__AZURE_FORM_H
#define OTEL__AZURE_FORM_H
#include "../buffer.h"

/* Appends "name=" and the value, percent-encoded, and '&' before them unless the buffer is empty or ends in '?'.
 * value NULL: nothing. false: out of memory. */
bool otel__azure_form_add(otel__azure_buffer *form, const char *name, const char *value);
/* Released, and overwritten before: there are secrets in it. */
void otel__azure_form_release(otel__azure_buffer *form);
#endif
