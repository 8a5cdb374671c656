/* One line, or the message, as one record, in the form that the options name. */
#ifndef OTEL__RECORD_H
#define OTEL__RECORD_H
#include <otel/log.h>

#include "json_reader/json_reader.h"
#include "options.h"
#include "scope_table.h"

typedef struct otel__records {
    const otel__options *options;
    otel_logger *default_logger;
    otel_attr *given; /* what every record gets: the file, the facility, exception and attributes of the options */
    uint32_t given_count;
    otel_attr *file, *facility; /* among them; NULL: not wanted */
    otel__scope_table scopes;
    otel__json_arena memory; /* of the present record */
    const char *complaint;   /* what was wrong with the last malformed line */
} otel__records;

/* false: out of memory. */
bool otel__records_init(otel__records *records, const otel__options *options, otel_logger *default_logger);
void otel__records_release(otel__records *records);
/* The file (kept by its address) that the lines come from; NULL: standard input. */
void otel__records_from(otel__records *records, const char *path);

/* Fills *record and *logger, both valid until the next call and as long as line. false: the line is malformed: it is
 * not the JSON that was promised, then it is the body of a warning; or a known key has a value of the wrong kind, which
 * then is an attribute of that name. In either case the record is there to be sent. */
bool otel__records_read(otel__records *records, const char *line, size_t size, otel_log_record *record,
                        otel_logger **logger);
#endif
