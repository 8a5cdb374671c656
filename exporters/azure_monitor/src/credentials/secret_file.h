/* Secrets that others leave in a file, and renew there. */
#ifndef OTEL__AZURE_SECRET_FILE_H
#define OTEL__AZURE_SECRET_FILE_H
#include <otel/base.h>

enum { OTEL__AZURE_ANY_LINK = 1 }; /* the last part of the path may be a link, as Kubernetes makes them */

/* NULL: the file's one word is in `out`, NUL-terminated. Otherwise why not.
 * Reads regular files only, shorter than `size`: others could make us wait. */
const char *otel__azure_secret_file_read(const char *path, uint32_t flags, char *out, size_t size);
#endif
