/* One line of JSON as one record. */
#ifndef OTEL__JSON_RECORD_H
#define OTEL__JSON_RECORD_H
#include <otel/log.h>

#include "json_reader/json_reader.h"
#include "options.h"
#include "scope_table.h"

typedef struct otel__json_records {
    const otel__options *options;
    otel_logger *default_logger;
    otel__scope_table scopes;
    otel__json_arena memory; /* of the present record */
    const char *complaint;   /* what was wrong with the last malformed line */
} otel__json_records;

void otel__json_records_init(otel__json_records *records, const otel__options *options, otel_logger *default_logger);
void otel__json_records_release(otel__json_records *records);

/* Fills *record and *logger, both valid until the next call and as long as line. false: the line is malformed: it is no
 * JSON object, then it is the body of a warning; or a known key has a value of the wrong kind, which then is an
 * attribute of that name. In either case the record is there to be sent. */
bool otel__json_record_read(otel__json_records *records, const char *line, size_t size, otel_log_record *record,
                            otel_logger **logger);
#endif
