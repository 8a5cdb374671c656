/* A watcher is a connection that is suspended while there is nothing new. libmicrohttpd asks for more only when the
 * client has taken what it got: that is what makes a slow one fall behind instead of using memory. */
#include "tail.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../server/holding.h"

enum {
    LOOK_EVERY_MS = 200,
    SIGN_OF_LIFE_MS = 15000,
    READ_MS = 250,
    BLOCK_BYTES = 16 * 1024,
    SHOWN_AT_FIRST = 20,
    ROWS_OF_A_LOOK = 500
};

struct desk_watcher {
    desk_tail *tail;
    struct MHD_Connection *connection;
    desk_watcher *next;
    desk_place place;
    bool suspended, gone;
    uint64_t spoke_ms;
    desk_buffer text; /* events that are to be sent */
    size_t sent;
};

static bool is_behind(const desk_watcher *watcher)
{
    return memcmp(&watcher->place, &watcher->tail->newest, sizeof watcher->place) != 0;
}

/* The rows of a moment are shared out: many watchers cost no more than one. */
static int most_behind(const desk_tail *tail)
{
    return ROWS_OF_A_LOOK / tail->count;
}

static void read_rows(desk_watcher *watcher)
{
    desk_tail *tail = watcher->tail;
    if (!tail->reader.database) return;
    int64_t missed = desk_tail_catch_up(&watcher->place, &tail->newest, most_behind(tail));
    if (missed) desk_tail_put_skipped(&watcher->text, missed);
    tail->reader.deadline_ms = desk_now_ms() + READ_MS;
    desk_tail_put_rows(&watcher->text, tail->reader.database, &watcher->place, &tail->newest);
}

static void refill(desk_watcher *watcher)
{
    uint64_t now = desk_now_ms();
    desk_buffer_clear(&watcher->text);
    watcher->sent = 0;
    if (is_behind(watcher)) read_rows(watcher);
    if (!watcher->text.size && now - watcher->spoke_ms >= SIGN_OF_LIFE_MS) desk_put(&watcher->text, DESK_TEXT(":\n\n"));
    if (watcher->text.size) watcher->spoke_ms = now;
}

static ssize_t give(void *context, uint64_t position, char *out, size_t room)
{
    (void)position;
    desk_watcher *watcher = context;
    if (watcher->sent == watcher->text.size && !watcher->tail->ending) refill(watcher);
    if (watcher->gone || watcher->tail->ending || watcher->text.failed) return MHD_CONTENT_READER_END_OF_STREAM;
    size_t size = watcher->text.size - watcher->sent;
    if (size > room) size = room;
    if (size == 0) {
        watcher->suspended = true;
        MHD_suspend_connection(watcher->connection);
        return 0;
    }
    memcpy(out, watcher->text.at + watcher->sent, size);
    watcher->sent += size;
    return (ssize_t)size;
}

static void leave(void *context)
{
    desk_watcher *watcher = context;
    desk_watcher **at = &watcher->tail->first;
    while (*at != watcher) at = &(*at)->next;
    *at = watcher->next;
    watcher->tail->count--;
    if (!watcher->tail->first) desk_reader_close(&watcher->tail->reader);
    desk_buffer_release(&watcher->text);
    free(watcher);
}

/* A database that cannot be read now has no news. */
static void look_for_news(desk_tail *tail)
{
    desk_reader_close(&tail->reader);
    if (desk_reader_open(&tail->reader, tail->path, desk_now_ms() + READ_MS) == SQLITE_OK)
        desk_tail_newest(tail->reader.database, &tail->newest);
    else
        desk_reader_close(&tail->reader);
}

/* The last lines at first, for something to see; who comes back goes on where it was. */
static void find_place(desk_watcher *watcher)
{
    const char *last = MHD_lookup_connection_value(watcher->connection, MHD_HEADER_KIND, "Last-Event-ID");
    look_for_news(watcher->tail);
    if (last && desk_tail_read_place(last, &watcher->place)) return;
    for (int i = 0; i < DESK_TAIL_TABLES; i++) {
        int64_t row = watcher->tail->newest.row[i] - SHOWN_AT_FIRST;
        watcher->place.row[i] = row < 0 ? 0 : row;
    }
}

struct MHD_Response *desk_tail_join(desk_tail *tail, struct MHD_Connection *connection)
{
    desk_watcher *watcher = tail->count < DESK_MAX_WATCHERS ? calloc(1, sizeof *watcher) : NULL;
    if (!watcher) return NULL;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, give, watcher, leave);
    if (!response) {
        free(watcher);
        return NULL;
    }
    *watcher = (desk_watcher){.tail = tail, .connection = connection, .next = tail->first, .spoke_ms = desk_now_ms()};
    tail->first = watcher;
    tail->count++;
    find_place(watcher);
    desk_put(&watcher->text, DESK_TEXT("retry: 2000\n\n"));
    return response;
}

static bool has_reason_to_wake(desk_watcher *watcher, uint64_t now_ms)
{
    watcher->gone = desk_has_hung_up(watcher->connection);
    return watcher->gone || watcher->tail->ending || is_behind(watcher) ||
           now_ms - watcher->spoke_ms >= SIGN_OF_LIFE_MS;
}

static void wake(desk_tail *tail, uint64_t now_ms)
{
    for (desk_watcher *watcher = tail->first; watcher; watcher = watcher->next) {
        if (!watcher->suspended || !has_reason_to_wake(watcher, now_ms)) continue;
        watcher->suspended = false;
        MHD_resume_connection(watcher->connection);
    }
}

void desk_tail_look(desk_tail *tail, uint64_t now_ms)
{
    if (!tail->first || now_ms < tail->next_look_ms) return;
    tail->next_look_ms = now_ms + LOOK_EVERY_MS;
    look_for_news(tail);
    wake(tail, now_ms);
}

int desk_tail_timeout_ms(const desk_tail *tail, uint64_t now_ms)
{
    if (!tail->first) return -1;
    return tail->next_look_ms > now_ms ? (int)(tail->next_look_ms - now_ms) : 0;
}

void desk_tail_end(desk_tail *tail)
{
    tail->ending = true;
    wake(tail, desk_now_ms());
}
