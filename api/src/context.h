/* The context that is current where a call is made. */
#ifndef OTEL__CONTEXT_H
#define OTEL__CONTEXT_H
#include "slot.h"

/* A host's; NULL: the slots of threads. */
extern _Atomic(const otel_context_storage *) otel__context_storage;

/* NULL: none is attached. */
const otel_context *otel__context_here(const otel__slot *slot);
#endif
