/* Where the SDK's memory comes from. Queues are not taken from here: they are mapped. */
#ifndef OTEL_SDK_ALLOCATOR_H
#define OTEL_SDK_ALLOCATOR_H
#include <otel/base.h>

typedef struct otel_allocator {
    size_t size; /* sizeof(otel_allocator) */
    void *(*allocate)(size_t size, void *user);
    void *(*reallocate)(void *p, size_t size, void *user);
    void (*release)(void *p, void *user);
    void *user;
} otel_allocator;

OTEL_EXTERN_C_BEGIN
/* Process-wide, before anything else of the SDK is called, copied; NULL: back to malloc. Its functions are called by
 * any thread. OTEL_ERR_ARGUMENT when one is missing. */
OTEL_API otel_result otel_set_allocator(const otel_allocator *allocator);

/* Memory from that allocator, for exporters and processors. As calloc (zeroed), realloc and free. Any thread. */
OTEL_API void *otel_allocate(size_t size);
OTEL_API void *otel_reallocate(void *p, size_t size);
OTEL_API void otel_release(void *p);
OTEL_EXTERN_C_END
#endif
