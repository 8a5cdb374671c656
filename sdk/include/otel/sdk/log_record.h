/* Reading a record (processors and exporters) and changing it (processors). A record belongs to the call that hands it
 * to you: one thread, until that call returns; only a clone is yours. */
#ifndef OTEL_SDK_LOG_RECORD_H
#define OTEL_SDK_LOG_RECORD_H
#include <otel/log.h>
#include <otel/sdk/resource.h>

/* One iterator for collections in memory and for encoded ones. */
typedef struct otel_iter {
    const void *at, *end;
    const otel_log_record *record;
    uint64_t otel_private[2];
} otel_iter;

OTEL_EXTERN_C_BEGIN
/* Fields that are plain (severity, body, event_name, times, ids) are read and, in a processor, written in the struct.
 * Attributes go through these four. false: absent; or not a record that the SDK made; or, for set and remove, more than
 * 32 changes (said through diag). (Logs SDK, "ReadWriteLogRecord") */
OTEL_API bool otel_log_record_get(const otel_log_record *record, const char *key, otel_value *value);
/* Adds or replaces. Borrowed until your own emit returns, and undone then: your stack is good enough memory. */
OTEL_API bool otel_log_record_set(otel_log_record *record, otel_attr attr);
/* true also when there was no such attribute. */
OTEL_API bool otel_log_record_remove(otel_log_record *record, const char *key);
OTEL_API otel_iter otel_log_record_attrs(const otel_log_record *record);

/* The next attribute of a record or of a map value; each key once. Keys and strings are views. */
OTEL_API bool otel_attr_next(otel_iter *it, otel_attr *attr);
/* Elements of an array value of any kind (homogeneous ones too), read with otel_value_next. Nothing for other values.
 */
OTEL_API otel_iter otel_value_items(const otel_value *array);
OTEL_API bool otel_value_next(otel_iter *it, otel_value *value);
/* Entries of a map value, read with otel_attr_next. Nothing for other values. */
OTEL_API otel_iter otel_value_entries(const otel_value *map);

/* For asynchronous processors: a copy of its own on the heap (NULL: out of memory). Any thread may use it, one at a
 * time; it must be destroyed before its provider is stopped. (Logs SDK, "LogRecordProcessor", OnEmit) */
OTEL_API otel_log_record *otel_log_record_clone(const otel_log_record *record);
OTEL_API void otel_log_record_destroy(otel_log_record *clone);

/* Text of a value as the specification says (Common, "AnyValue representation for non-OTLP protocols"). Returns the
 * length it has; writes at most size - 1 bytes of it, cut at a character's border, and a NUL. out may be NULL when size
 * is 0. */
OTEL_API size_t otel_value_text(const otel_value *value, char *out, size_t size);
/* The same, in its form inside arrays and maps: strings and bytes quoted, empty as null. */
OTEL_API size_t otel_value_json(const otel_value *value, char *out, size_t size);
/* The record as one line of OTLP-JSON: a LogsData message with its resource and scope, no newline. Returns and writes
 * as otel_value_text; a line that was cut is no JSON: compare. (OTLP, "JSON Protobuf Encoding"; "OTLP File Exporter")
 */
OTEL_API size_t otel_log_record_json(const otel_log_record *record, char *out, size_t size);
OTEL_EXTERN_C_END
#endif
