/* The providers that this copy of the API knows: which is global, and what each wants to hear. */
#ifndef OTEL__ATTACHMENTS_H
#define OTEL__ATTACHMENTS_H
#include <otel/provider.h>
#include <stdatomic.h>

extern _Atomic(otel_provider *) otel__global;

/* Whether calls may enter it; to be asked with the mark set. */
bool otel__attached(const otel_provider *provider);
#endif
