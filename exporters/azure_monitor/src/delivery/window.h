/* A batch as it is sent: which of its records are settled, and the window of those that are not that goes into the next
 * request. */
#ifndef OTEL__AZURE_WINDOW_H
#define OTEL__AZURE_WINDOW_H
#include "../mapping/envelope.h"
#include <otel/sdk/log_exporter.h>

/* A record in the request. */
typedef struct otel__azure_sent {
    uint32_t record; /* of the batch */
    otel_azure_monitor_kind kind;
    bool named; /* the answer says something of it */
    bool again; /* namely that it is to be sent again */
} otel__azure_sent;

typedef struct otel__azure_window {
    otel__azure_writer *writer; /* borrowed */
    bool sequence;              /* records carry numbers */
    uint64_t next_sequence;
    const otel_log_batch *batch;
    uint32_t count;             /* records of the batch */
    uint32_t room;              /* for so many there is memory */
    uint32_t settled, rejected; /* so many need not be sent again; so many of those were refused */
    bool *is_settled;           /* by record */
    uint64_t *sequences;        /* by record; NULL: none */
    otel__azure_sent *items;    /* of the request */
    uint32_t item_count;
    otel__azure_buffer body; /* of the request: a JSON array */
    otel_log_cursor cursor;
    uint32_t at; /* the cursor's record */
    bool held;   /* that one had no room in the last request */
    bool end;    /* the cursor has passed the last */
} otel__azure_window;

typedef enum otel__azure_filling {
    OTEL__AZURE_FILLING, /* there is more to do: call again */
    OTEL__AZURE_FILLED,  /* no items: everything is settled */
    OTEL__AZURE_NO_MEMORY
} otel__azure_filling;

/* false: out of memory. */
bool otel__azure_window_open(otel__azure_window *window, const otel_log_batch *batch);
/* The same batch again, perhaps elsewhere in memory. false: it is another. */
bool otel__azure_window_again(otel__azure_window *window, const otel_log_batch *batch);
/* Back to the first record that is not settled, with an empty request. */
void otel__azure_window_rewind(otel__azure_window *window);
/* Adds records, some at a time, until there are so many, or so many bytes. */
otel__azure_filling otel__azure_window_fill(otel__azure_window *window, uint32_t most_items, size_t most_bytes);
/* An empty request behind the last one. */
static inline void otel__azure_window_next(otel__azure_window *window)
{
    window->item_count = 0;
    window->body.size = 0;
}
/* Of an item of the request; again: nothing. */
void otel__azure_window_settle(otel__azure_window *window, uint32_t item, bool rejected);
void otel__azure_window_release(otel__azure_window *window);
#endif
