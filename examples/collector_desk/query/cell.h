/* One cell of a printed table: what it shows and how wide that is. */
#ifndef DESK_CELL_H
#define DESK_CELL_H
#include "../buffer.h"

/* Appends the text with everything that would move a terminal's cursor or hide text written as an escape. Returns the
 * number of characters. */
size_t desk_put_cell(desk_buffer *buffer, desk_text text);
#endif
