/* Memory for the time of one emit: first from the stack, then from the allocator. */
#ifndef OTEL__PROCESSORS_SCRATCH_H
#define OTEL__PROCESSORS_SCRATCH_H
#include <otel/base.h>

typedef struct otel__scratch {
    void *blocks; /* the newest, which begins with the address of the one before it */
    char *at;
    size_t left;
    bool failed; /* something was asked for that there was no memory for: the work must not be used */
    _Alignas(16) char first[1024];
} otel__scratch;

void otel__scratch_init(otel__scratch *scratch);
void *otel__scratch_take(otel__scratch *scratch, size_t size); /* not zeroed; NULL: failed is set */
/* A copy with a NUL behind it; NULL: failed is set. */
char *otel__scratch_text(otel__scratch *scratch, const char *text, size_t size);
void otel__scratch_free(otel__scratch *scratch);
#endif
