/* What makes two records the same, as bytes. */
#ifndef OTEL__PROCESSORS_RECORD_KEY_H
#define OTEL__PROCESSORS_RECORD_KEY_H
#include <otel/sdk/log_record.h>

/* Scope, severity, event name, body, attributes and code location; not times, nor ids. Returns how many bytes there are
 * and writes them if they fit into `size`, else none or a part. SIZE_MAX: nested too deep. Works on what the SDK made
 * and on clones alike, but the two are not the same: a clone has its code location among its attributes. */
size_t otel__record_key(const otel_log_record *record, uint8_t *out, size_t size);
#endif
