/* A copy of what is read, on standard output. */
#ifndef OTEL__TEE_H
#define OTEL__TEE_H
#include <stdbool.h>
#include <stddef.h>

#include <otel/otel.h>

typedef struct otel__tee {
    int fd;
    int stop_fd;            /* readable: who reads the copy gets little time more; -1: none */
    otel_deadline deadline; /* of that time */
    bool stopping;
    bool broken; /* no more is copied; said once */
    bool failed; /* and not because nobody reads it any more */
} otel__tee;

void otel__tee_init(otel__tee *tee, int fd, int stop_fd);
/* All of it, byte for byte, unless the copy is broken. Waits while its reader is slow. */
void otel__tee_write(otel__tee *tee, const char *bytes, size_t size);
#endif
