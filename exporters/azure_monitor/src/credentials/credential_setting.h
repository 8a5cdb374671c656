/* What credentials are set to: an option, else a variable; checked, and never repeated in what is said. */
#ifndef OTEL__AZURE_CREDENTIAL_SETTING_H
#define OTEL__AZURE_CREDENTIAL_SETTING_H
#include "../settings/endpoint.h"
#include <otel/sdk/environment.h>

typedef struct otel__azure_setting {
    const char *text; /* NULL: not set */
    const char *name; /* for messages */
} otel__azure_setting;

/* An empty option is none. */
otel__azure_setting otel__azure_setting_of(const char *option, const char *option_name, const otel_variable *variable);
/* A copy of a text that must be there, of visible ASCII. NULL: it is not, said as a fault of `credential`. */
char *otel__azure_setting_copy(otel__azure_setting setting, const char *credential);
/* As otel__azure_setting_copy, of a URL that may be written without its https://. `plain`: the worst way that http may
 * go. */
char *otel__azure_setting_url(otel__azure_setting setting, const char *credential, otel__azure_reach plain);
/* Says that a credential is not made. */
void otel__azure_setting_fault(const char *credential, const char *name, const char *fault);
#endif
