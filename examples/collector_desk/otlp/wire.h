/* Reading protobuf fields one by one: every byte is behind a check against the end, nothing is allocated. */
#ifndef DESK_WIRE_H
#define DESK_WIRE_H
#include "../desk.h"

enum { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

typedef struct wire {
    const uint8_t *at;
    const uint8_t *end;
} wire;

typedef struct wire_field {
    uint32_t tag;   /* number * 8 + wire type, as it stands in the message */
    uint64_t value; /* of varint and fixed fields */
    wire bytes;     /* of fields with a length */
} wire_field;

#define WIRE_TAG(number, type) ((uint32_t)(number) << 3 | (uint32_t)(type))

typedef enum wire_result { WIRE_END, WIRE_FIELD, WIRE_BAD } wire_result;

wire_result wire_next(wire *message, wire_field *field);
#endif
