/* A batch as it is sent. */
#include "window.h"

#include <otel/sdk/allocator.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE_BYTES = 64 * 1024 }; /* some hundred records: the thread may be a host's, with a loop to run */

static size_t bytes_of(size_t count, size_t size)
{
    return (count ? count : 1) * size;
}

/* ---- numbers, in the order in which the records were observed ---- */

typedef struct observed {
    uint64_t unix_nano;
    uint32_t record;
} observed;

static int compare(const void *left, const void *right)
{
    const observed *a = left, *b = right;
    if (a->unix_nano != b->unix_nano) return a->unix_nano < b->unix_nano ? -1 : 1;
    return a->record < b->record ? -1 : 1;
}

static bool number(otel__azure_window *window)
{
    observed *order = otel_allocate(bytes_of(window->count, sizeof *order));
    uint64_t *numbers = otel_reallocate(window->sequences, bytes_of(window->count, sizeof *numbers));
    if (numbers) window->sequences = numbers;
    if (!order || !numbers) {
        otel_release(order);
        return false;
    }
    uint32_t n = 0;
    otel_log_cursor cursor;
    otel_log_cursor_init(&cursor, window->batch, sizeof cursor);
    for (; n < window->count && otel_log_next(&cursor); n++)
        order[n] = (observed){cursor.record.observed_time_unix_nano, n};
    if (n > 1) qsort(order, n, sizeof *order, compare);
    for (uint32_t i = 0; i < n; i++) window->sequences[order[i].record] = ++window->next_sequence;
    otel_release(order);
    return true;
}

/* ---- the batch ---- */

static bool make_room(otel__azure_window *window)
{
    if (window->items && window->count <= window->room) return true;
    window->room = 0;
    bool *is_settled = otel_reallocate(window->is_settled, bytes_of(window->count, sizeof *is_settled));
    if (is_settled) window->is_settled = is_settled;
    otel__azure_sent *items = otel_reallocate(window->items, bytes_of(window->count, sizeof *items));
    if (items) window->items = items;
    if (!is_settled || !items) return false;
    window->room = window->count;
    return true;
}

bool otel__azure_window_open(otel__azure_window *window, const otel_log_batch *batch)
{
    window->batch = batch;
    window->count = (uint32_t)otel_log_batch_count(batch);
    window->settled = window->rejected = 0;
    if (!make_room(window) || (window->sequence && !number(window))) {
        window->count = 0;
        return false;
    }
    memset(window->is_settled, 0, window->count * sizeof *window->is_settled);
    otel__azure_window_rewind(window);
    return true;
}

bool otel__azure_window_again(otel__azure_window *window, const otel_log_batch *batch)
{
    if (!window->count || otel_log_batch_count(batch) != window->count) return false;
    window->batch = batch;
    otel__azure_window_rewind(window);
    return true;
}

void otel__azure_window_settle(otel__azure_window *window, uint32_t item, bool rejected)
{
    uint32_t record = window->items[item].record;
    if (window->is_settled[record]) return;
    window->is_settled[record] = true;
    window->settled++;
    window->rejected += rejected;
}

/* ---- the request ---- */

void otel__azure_window_rewind(otel__azure_window *window)
{
    otel__azure_window_next(window);
    otel_log_cursor_init(&window->cursor, window->batch, sizeof window->cursor);
    window->at = UINT32_MAX;
    window->held = window->end = false;
}

/* Puts the cursor on the next record that is not settled. */
static bool advance(otel__azure_window *window)
{
    if (window->held) {
        window->held = false;
        return true;
    }
    while (!window->end && otel_log_next(&window->cursor))
        if (++window->at < window->count && !window->is_settled[window->at]) return true;
    window->end = true;
    return false;
}

static bool write_record(otel__azure_window *window, otel_azure_monitor_kind *kind)
{
    uint64_t sequence = window->sequences ? window->sequences[window->at] : 0;
    return otel__azure_buffer_append(&window->body, window->item_count ? "," : "[", 1) &&
           otel__azure_write(window->writer, &window->cursor.record, sequence, &window->body, kind);
}

/* Adds the cursor's record, if it has room; the first one always has. */
static otel__azure_filling add(otel__azure_window *window, size_t most_bytes)
{
    otel_azure_monitor_kind kind;
    size_t before = window->body.size;
    bool written = write_record(window, &kind);
    window->held = !written || (window->item_count && window->body.size + 1 > most_bytes);
    if (window->held)
        window->body.size = before;
    else
        window->items[window->item_count++] = (otel__azure_sent){.record = window->at, .kind = kind};
    if (!written) return OTEL__AZURE_NO_MEMORY;
    return window->held ? OTEL__AZURE_FILLED : OTEL__AZURE_FILLING;
}

static otel__azure_filling close_body(otel__azure_window *window)
{
    if (window->item_count && !otel__azure_buffer_append(&window->body, "]", 1)) return OTEL__AZURE_NO_MEMORY;
    return OTEL__AZURE_FILLED;
}

otel__azure_filling otel__azure_window_fill(otel__azure_window *window, uint32_t most_items, size_t most_bytes)
{
    otel__azure_filling filling = OTEL__AZURE_FILLING;
    const size_t enough = window->body.size + AT_ONCE_BYTES;
    while (filling == OTEL__AZURE_FILLING && window->body.size < enough) {
        if (window->item_count >= most_items || !advance(window)) return close_body(window);
        filling = add(window, most_bytes);
    }
    return filling == OTEL__AZURE_FILLED ? close_body(window) : filling;
}

void otel__azure_window_release(otel__azure_window *window)
{
    otel_release(window->is_settled);
    otel_release(window->sequences);
    otel_release(window->items);
    otel__azure_buffer_release(&window->body);
}
