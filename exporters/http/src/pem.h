/* PEM files, read when the client is made: a process that is chrooted or drops its privileges later still has them. */
#ifndef OTEL__PEM_H
#define OTEL__PEM_H
#include <stdbool.h>
#include <stddef.h>

typedef struct otel__pem {
    char *path; /* NULL: not configured */
    char *data;
    size_t size;
} otel__pem;

/* false: out of memory. A file that cannot be read is said and tried again later; until then connections fail. */
bool otel__pem_open(otel__pem *pem, const char *path, const char *source);
/* Reads the file again; what cannot be read now leaves the old bytes. true: there are new bytes. */
bool otel__pem_refresh(otel__pem *pem);
void otel__pem_close(otel__pem *pem);
#endif
