/* The grammar of protobuf messages: tags, varints, fixed numbers, byte strings. Groups are refused: OTLP has none. */
#include "wire.h"

#include <string.h>

static bool read_varint(wire *w, uint64_t *out)
{
    uint64_t value = 0;
    if (w->at < w->end && *w->at < 0x80) { /* nearly always */
        *out = *w->at++;
        return true;
    }
    for (unsigned shift = 0; shift < 64 && w->at < w->end; shift += 7) {
        uint8_t byte = *w->at++;
        if (shift == 63 && byte > 1) return false;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool read_fixed(wire *w, size_t size, uint64_t *out)
{
    if ((size_t)(w->end - w->at) < size) return false;
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value |= (uint64_t)w->at[i] << (8 * i);
    w->at += size;
    *out = value;
    return true;
}

static bool read_bytes(wire *w, wire *out)
{
    uint64_t size;
    if (!read_varint(w, &size) || size > (uint64_t)(w->end - w->at)) return false;
    *out = (wire){w->at, w->at + size};
    w->at += size;
    return true;
}

static bool read_content(wire *w, wire_field *field)
{
    switch (field->tag & 7) {
    case WIRE_VARINT:
        return read_varint(w, &field->value);
    case WIRE_FIXED64:
        return read_fixed(w, 8, &field->value);
    case WIRE_FIXED32:
        return read_fixed(w, 4, &field->value);
    case WIRE_BYTES:
        return read_bytes(w, &field->bytes);
    default:
        return false;
    }
}

wire_result wire_next(wire *message, wire_field *field)
{
    if (message->at == message->end) return WIRE_END;
    uint64_t tag;
    if (!read_varint(message, &tag) || tag > UINT32_MAX || tag < 8) return WIRE_BAD;
    field->tag = (uint32_t)tag;
    return read_content(message, field) ? WIRE_FIELD : WIRE_BAD;
}
