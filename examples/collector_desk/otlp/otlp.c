/* What both decoders need: bounded memory and a look-up in decoded attributes. */
#include "otlp.h"

#include <stdint.h>

void *desk_take_memory(desk_decoder *decoder, otel__json_arena *arena, size_t count, size_t size)
{
    void *memory = count > SIZE_MAX / 4 / size ? NULL : otel__json_allocate(arena, count * size);
    if (!memory) desk_fail(decoder->failure, 413, "the request needs more memory than is allowed");
    return memory;
}

desk_text desk_attributes_text(desk_attributes attributes, desk_text key)
{
    for (size_t i = attributes.count; i > 0; i--) {
        const desk_attribute *attribute = &attributes.at[i - 1];
        if (!desk_text_is(attribute->key, key)) continue;
        if (attribute->value.kind == DESK_STRING && attribute->value.as.text.size) return attribute->value.as.text;
        break;
    }
    return (desk_text){NULL, 0};
}
