/* For senders that cut a text in the middle of a character. */
#ifndef DESK_TRACK_CLEAN_H
#define DESK_TRACK_CLEAN_H
#include "../buffer.h"

/* The JSON with U+FFFD for half a surrogate pair, and for bytes that are no UTF-8. */
void desk_put_clean_json(desk_buffer *buffer, desk_text json);
#endif
