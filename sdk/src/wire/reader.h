/* Reading one encoded LogRecord where it lies: strict, bounded, nothing copied, nothing allocated. */
#ifndef OTEL__WIRE_READER_H
#define OTEL__WIRE_READER_H
#include <otel/sdk/log_record.h>

/* One field of a message. Fields of wire types that OTLP does not use (groups) make a message malformed. */
typedef struct otel__wire_field {
    uint32_t number;
    uint32_t type;        /* OTEL__WIRE_... */
    uint64_t value;       /* of a varint or fixed word */
    const uint8_t *bytes; /* of a field with a length */
    size_t size;
} otel__wire_field;
enum { OTEL__WIRE_VARINT = 0, OTEL__WIRE_FIXED64 = 1, OTEL__WIRE_BYTES = 2, OTEL__WIRE_FIXED32 = 5 };

/* Reads the field at *at and moves on. false: end of the message (then *at == end) or malformed (then not). */
bool otel__wire_next_field(const uint8_t **at, const uint8_t *end, otel__wire_field *field);

/* An AnyValue and a KeyValue, without tag and length. Strings and bytes are views; arrays and maps have OTEL_FORM_OTLP
 * and the encoded ArrayValue or KeyValueList as data. Of two values the last counts. false: malformed on this level. */
bool otel__wire_read_value(const uint8_t *bytes, size_t size, otel_value *value);
bool otel__wire_read_key_value(const uint8_t *bytes, size_t size, otel_attr *attr);

/* All that a LogRecord holds. Strings and ids that are absent are zero. */
typedef struct otel__record_view {
    uint64_t time, observed;
    otel_severity severity; /* 0..24 */
    uint32_t dropped_attribute_count;
    otel_str severity_text;
    otel_str event_name;
    otel_value body;
    otel_span_context span_context;             /* an id of a wrong length is absent; flags are 8 bits */
    const uint8_t *attributes, *attributes_end; /* the part of the record that has all of them */
    uint32_t attribute_count;
} otel__record_view;

/* bytes: the LogRecord without tag and length. false: malformed anywhere, or nested deeper than 64, or larger than 4
 * GiB. After true the attributes and all nested values are known to be well-formed. Text is not checked for UTF-8. */
bool otel__record_read(const uint8_t *bytes, size_t size, otel__record_view *view);

/* The attributes of a view in the order of the bytes; a key that is there twice comes twice, empty keys do not come. */
otel_iter otel__attributes_begin(const otel__record_view *view);
bool otel__attributes_next(otel_iter *it, otel_attr *attr);

/* A list of messages: `number` is the field that repeats. For iterators. */
bool otel__wire_next_element(const uint8_t **at, const uint8_t *end, uint32_t number, otel__wire_field *field);
#endif
