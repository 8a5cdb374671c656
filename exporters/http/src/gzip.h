/* Request bodies through gzip, in a buffer that is used again. */
#ifndef OTEL__GZIP_H
#define OTEL__GZIP_H
#include <otel/base.h>

typedef struct otel__gzip otel__gzip;

otel__gzip *otel__gzip_new(void); /* NULL: out of memory */
void otel__gzip_destroy(otel__gzip *gzip);
/* All pieces as one gzip stream; *out lives until the next call or trim. false: out of memory. */
bool otel__gzip_run(otel__gzip *gzip, const otel_str *pieces, size_t count, otel_str *out);
/* Gives back a buffer that one unusually large body has made large. */
void otel__gzip_trim(otel__gzip *gzip);
#endif
