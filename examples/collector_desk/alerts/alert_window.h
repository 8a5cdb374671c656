/* A query that looks only so far back. */
#ifndef DESK_ALERT_WINDOW_H
#define DESK_ALERT_WINDOW_H
#include "../buffer.h"

/* Writes the query with the window put behind its tables: `traces | where timestamp > ago(5m) | ...`. 0: all there is.
 */
void desk_alert_put_query(desk_buffer *buffer, const char *query, uint64_t window_ms);
#endif
