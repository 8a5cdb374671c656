/* What stands behind otel_log_record.otel_private: where the attributes are, and what processors changed. */
#ifndef OTEL__LOGS_RECORD_H
#define OTEL__LOGS_RECORD_H
#include "wire/record_writer.h"
#include <otel/sdk/log_record.h>

struct otel__provider;

enum {
    OTEL__CHANGES_MAX = 32,     /* of one record, by all processors that are at work on it */
    OTEL__ATTRIBUTES_MAX = 128, /* LogRecordLimits, attribute count */
    OTEL__DEPTH_MAX = 64,
    OTEL__FLAT_MAX = OTEL__ATTRIBUTES_MAX + OTEL__CHANGES_MAX + 3
};

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
    uint32_t number; /* the scope's index; in a cursor: records given so far */
    bool offered;    /* an exporting processor has seen it */
    uint8_t pad[7];
} otel__record_state;
_Static_assert(sizeof(otel__record_state) <= 6 * sizeof(uint64_t), "a cursor has room for it");

/* Cleans what a call gave: fields (OTEL_WITH_...) into the record, attributes into `room`, each key once, at most
 * OTEL__ATTRIBUTES_MAX of them (the rest is counted), exceptions and overridden code.* spelled out. */
void otel__record_prepare(otel_log_record *record, const otel_attr *attributes, size_t count,
                          otel_attr room[OTEL__FLAT_MAX]);

/* The record as the writer takes it; `room` is used when processors have changed it or it is bytes. */
otel__record_input otel__record_input_of(const otel_log_record *record, otel_attr room[OTEL__FLAT_MAX]);

/* The same, handed to `take`; the room is on the stack only when it is needed. */
typedef void otel__record_taker(void *context, const otel__record_input *input, uint32_t scope);
void otel__record_hand_over(const otel_log_record *record, otel__record_taker *take, void *context);

/* Fills a record from its bytes (content of a LogRecord); false: malformed. */
bool otel__record_decode(const uint8_t *bytes, size_t size, otel_log_record *record, otel__record_state *state);

/* otel_attr_next for iterators over a record's attributes. */
bool otel__record_attr_next(otel_iter *it, otel_attr *attr);
#endif
