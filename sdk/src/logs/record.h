/* What stands behind otel_log_record.otel_private: where the attributes are, and what processors changed. */
#ifndef OTEL__LOGS_RECORD_H
#define OTEL__LOGS_RECORD_H
#include "wire/record_writer.h"
#include <otel/sdk/log_record.h>

struct otel__provider;

enum {
    OTEL__CHANGES_MAX = 32, /* of one record, by all processors that are at work on it */
    OTEL__ATTRIBUTES_DEFAULT = 128,
    OTEL__ATTRIBUTES_MAX = 1024, /* of what the limit may be set to */
    OTEL__DEPTH_MAX = 64,
    OTEL__FLAT_MAX = OTEL__ATTRIBUTES_DEFAULT + OTEL__CHANGES_MAX + 3
};

/* LogRecordLimits (Logs SDK); for attributes, not for the body. */
typedef struct otel__record_limits {
    uint32_t attribute_count;
    uint32_t value_length; /* characters of a string, bytes of bytes; UINT32_MAX: no limit */
} otel__record_limits;

/* Attributes on their way from a call to the writer: `small` on the caller's stack; the heap for a record of more than
 * 128 where the limit allows that. */
typedef struct otel__room {
    otel_attr small[OTEL__FLAT_MAX];
    otel_attr *attributes, *heap;
    uint32_t capacity;
} otel__room;
/* Room for `wanted` attributes; the small one when there is no memory for more. */
void otel__room_open(otel__room *room, size_t wanted);
void otel__room_close(otel__room *room);

typedef struct otel__change {
    otel_attr attr;
    bool removed;
} otel__change;

/* Fits into the private words of a cursor. */
typedef struct otel__record_state {
    struct otel__provider *provider;
    const uint8_t *encoded,
        *encoded_end;      /* the attributes of a record that is bytes; NULL: record->attributes, each once */
    otel__change *changes; /* NULL: read only */
    uint32_t change_count;
    uint32_t number; /* the scope's index; in a cursor: the run of the next record */
    uint32_t offset; /* in a cursor: where in that run */
    bool offered;    /* an exporting processor has seen it */
    uint8_t pad[3];
} otel__record_state;
_Static_assert(sizeof(otel__record_state) <= 6 * sizeof(uint64_t), "a cursor has room for it");

/* Cleans what a call gave: fields (OTEL_WITH_...) into the record, attributes into the room (opened here), each key
 * once, then those bound to the context, at most as many as the limit says (the rest is counted), exceptions and
 * overridden code.* spelled out. */
void otel__record_prepare(otel_log_record *record, const otel__record_limits *limits, otel__room *room);

/* The record as the writer takes it; the room, opened here, is used when processors have changed it or it is bytes. */
otel__record_input otel__record_input_of(const otel_log_record *record, otel__room *room);

/* The same, handed to `take`; the room is on the stack only when it is needed. */
typedef void otel__record_taker(void *context, const otel__record_input *input, uint32_t scope);
void otel__record_hand_over(const otel_log_record *record, otel__record_taker *take, void *context);

/* Fills a record from its bytes (content of a LogRecord); false: malformed. */
bool otel__record_decode(const uint8_t *bytes, size_t size, otel_log_record *record, otel__record_state *state);

/* otel_attr_next for iterators over a record's attributes. */
bool otel__record_attr_next(otel_iter *it, otel_attr *attr);
#endif
