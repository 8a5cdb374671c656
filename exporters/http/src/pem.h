/* PEM files, read when the client is made: a process that is chrooted or drops its privileges later still has them. */
#ifndef OTEL__PEM_H
#define OTEL__PEM_H
#include <stdbool.h>
#include <stddef.h>

typedef enum otel__pem_kind { OTEL__PEM_AUTHORITY, OTEL__PEM_CERTIFICATE, OTEL__PEM_KEY } otel__pem_kind;

typedef struct otel__pem {
    char *path; /* NULL: not configured */
    char *data;
    size_t size;
    otel__pem_kind kind;
} otel__pem;

/* false: out of memory. A file that cannot be read, or that can be seen to be of no use, is said and tried again later;
 * until then connections fail. */
bool otel__pem_open(otel__pem *pem, otel__pem_kind kind, const char *path, const char *source);
/* Reads the file again; what cannot be read now leaves the old bytes. true: there are new bytes. */
bool otel__pem_refresh(otel__pem *pem);
/* Why no connection can be made with it, in static words; NULL: nothing can be seen. */
const char *otel__pem_fault(const otel__pem *pem);
void otel__pem_close(otel__pem *pem);
#endif
