/* One item of the Application Insights service, from its text to a row of the table that its baseType names. */
#ifndef DESK_TRACK_ITEM_H
#define DESK_TRACK_ITEM_H
#include "../rows/row.h"
#include "track_json.h"

enum { DESK_TRACK_ITEM_BYTES = 65536 }; /* as it was sent */

typedef struct desk_track_rules {
    const char *ikey; /* the one that is known; NULL: all are */
    bool any_age;
    bool strict; /* what a careful sender never sends is refused */
} desk_track_rules;

/* The texts that an item's row is made of. */
typedef enum desk_track_made {
    DESK_TRACK_CLEAN, /* the item itself, mended */
    DESK_TRACK_SCRATCH,
    DESK_TRACK_DIMENSIONS,
    DESK_TRACK_MEASUREMENTS,
    DESK_TRACK_DETAILS,
    DESK_TRACK_PROBLEM,
    DESK_TRACK_TEXTS
} desk_track_made;

/* The memory behind an item, kept from one to the next. The arena's limit bounds it. */
typedef struct desk_track_reader {
    desk_track_rules rules;
    otel__json_arena arena;
    desk_buffer texts[DESK_TRACK_TEXTS];
    char timestamp[32];
    const otel__json *tags, *data; /* of the item that is being read */
    bool unknown_key;              /* that is why it was refused */
    desk_failure *failure;
} desk_track_reader;

void desk_track_reader_open(desk_track_reader *reader, size_t limit_bytes);
/* False: *failure is what the service says of such an item: a status and words. The row lives until the next call. */
bool desk_track_item_read(desk_track_reader *reader, desk_text item, desk_row *row, desk_failure *failure);
void desk_track_reader_trim(desk_track_reader *reader, size_t keep);

/* For the parts of this reader. A field that a type cannot do without, in the service's words: */
bool desk_track_missing(desk_track_reader *reader, const char *name, const char *type, const char *expected);
desk_text desk_track_text(desk_track_reader *reader, const otel__json *value);
/* Of ExceptionData, and of MetricData; false: refused. */
bool desk_track_exception(desk_track_reader *reader, desk_row *row);
bool desk_track_metric(desk_track_reader *reader, desk_row *row);
/* 0 to 4 as a number or a name. False: refused. */
bool desk_track_severity(desk_track_reader *reader, desk_row *row, int column);
/* False: the item holds what a careful sender never sends. */
bool desk_track_is_careful(desk_track_reader *reader, const otel__json *item);
#endif
