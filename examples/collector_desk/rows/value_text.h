/* Any value as text: strings as they are, numbers in decimal, bytes in base64, arrays and maps as compact JSON. */
#ifndef DESK_VALUE_TEXT_H
#define DESK_VALUE_TEXT_H
#include "../buffer.h"
#include "../otlp/model.h"

void desk_put_value_text(desk_buffer *buffer, const desk_value *value);
#endif
