/* The context that is current where a call is made. */
#ifndef OTEL__CONTEXT_H
#define OTEL__CONTEXT_H
#include "slot.h"

/* NULL: none is attached. */
const otel_context *otel__context_here(const otel__slot *slot);
#endif
