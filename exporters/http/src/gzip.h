/* Request bodies through gzip, in a buffer that is used again. */
#ifndef OTEL__GZIP_H
#define OTEL__GZIP_H
#include <otel/base.h>

typedef struct otel__gzip otel__gzip;

otel__gzip *otel__gzip_new(int level); /* 1 to 9; NULL: out of memory */
void otel__gzip_destroy(otel__gzip *gzip);
/* All pieces as one gzip stream, some at a time, so that one call lasts a millisecond or little more. The pieces are
 * borrowed until it is done. */
typedef int32_t otel__gzip_state;
enum { OTEL__GZIP_MORE = 0, OTEL__GZIP_DONE = 1, OTEL__GZIP_FAILED = 2 }; /* failed: out of memory */
bool otel__gzip_begin(otel__gzip *gzip, const otel_str *pieces, size_t count);
/* Upon DONE *out lives until the next begin or trim. */
otel__gzip_state otel__gzip_step(otel__gzip *gzip, otel_str *out);
/* Gives back a buffer that one unusually large body has made large. */
void otel__gzip_trim(otel__gzip *gzip);
#endif
