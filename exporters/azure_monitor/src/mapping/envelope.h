/* A record as the service's envelope. */
#ifndef OTEL__AZURE_ENVELOPE_H
#define OTEL__AZURE_ENVELOPE_H
#include "../buffer.h"
#include <otel/exporters/azure_monitor.h>

/* The service's limit of one item. */
enum { OTEL__AZURE_ITEM_BYTES = 65536 };

typedef struct otel__azure_mapping {
    const char *instrumentation_key;
    bool lean;    /* without built-in custom dimensions and those of the resource */
    bool flatten; /* maps as dotted keys */
} otel__azure_mapping;

/* Memory that is used again from record to record, and what all records of a resource share. One thread. */
typedef struct otel__azure_writer otel__azure_writer;

/* The mapping is copied. NULL: out of memory. */
otel__azure_writer *otel__azure_writer_new(const otel__azure_mapping *mapping);
void otel__azure_writer_destroy(otel__azure_writer *writer);
/* What a resource says may have changed under the same address: in the child of a fork. */
void otel__azure_writer_forget(otel__azure_writer *writer);

/* Appends the record as one JSON object, at most OTEL__AZURE_ITEM_BYTES. sequence 0: none. false: out of memory, the
 * buffer holds what it held. */
bool otel__azure_write(otel__azure_writer *writer, const otel_log_record *record, uint64_t sequence,
                       otel__azure_buffer *out, otel_azure_monitor_kind *kind);
#endif
