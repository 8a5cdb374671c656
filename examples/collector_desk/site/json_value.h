/* One value of a row as JSON. */
#ifndef DESK_JSON_VALUE_H
#define DESK_JSON_VALUE_H
#include <sqlite3.h>

#include "../buffer.h"

#define DESK_MAX_CELL_BYTES ((size_t)4 * 1024 * 1024) /* longer texts are cut, and say so at their end */

/* Integers that JavaScript cannot hold exactly are texts; so are bytes, in hexadecimal behind 0x. */
void desk_put_json_value(desk_buffer *out, sqlite3_stmt *statement, int column);
#endif
