/* The credential that the environment asks for. */
#ifndef OTEL__AZURE_CREDENTIAL_CHOICE_H
#define OTEL__AZURE_CREDENTIAL_CHOICE_H
#include <otel/exporters/azure_monitor.h>

/* false: one is asked for that cannot be made, said. true with *credential NULL: none is asked for. The options say how
 * to reach its authority. */
bool otel__azure_credential_choose(const otel_azure_monitor_options *options, otel_azure_credential **credential);
/* "Authorization=AAD[;ClientId=<id>]": the id, "" without one, into `client_id`. Otherwise why it cannot be read, in
 * static words that repeat nothing of it. */
const char *otel__azure_authentication_read(const char *text, char *client_id, size_t size);
#endif
