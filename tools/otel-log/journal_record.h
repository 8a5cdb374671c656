/* An entry of the systemd journal as a record. */
#ifndef OTEL__JOURNAL_RECORD_H
#define OTEL__JOURNAL_RECORD_H
#include "builder.h"

/* From the object that `journalctl -o json` prints for an entry. false: out of memory. */
bool otel__journal_record_read(otel__builder *b, const otel__json *entry);
#endif
