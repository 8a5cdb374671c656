/* POST /v2.1/track: the items of a request, each taken or refused by itself, and the answer that says so. */
#ifndef DESK_TRACK_H
#define DESK_TRACK_H
#include "../server/orders.h"
#include "track_item.h"

enum { DESK_TRACK_MOST_ITEMS = 64000 };

typedef struct desk_track_answer {
    size_t received, accepted;
    size_t unknown_keys; /* items whose iKey is not the one that is known */
    desk_buffer errors;  /* JSON objects with commas between them */
} desk_track_answer;

typedef struct desk_track {
    desk_track_reader reader;
    bool (*take)(void *context, desk_row *row, desk_failure *failure);
    void *context;
} desk_track;

/* orders: NULL, or which items are to be refused. False: *failure concerns the whole request, and what was taken of it
 * must be undone. */
bool desk_track_read(desk_track *track, desk_text body, const desk_orders *orders, desk_track_answer *answer,
                     desk_failure *failure);
/* 200, 206 when an item was refused, 400 when no item has a known iKey. */
unsigned desk_track_answer_status(const desk_track_answer *answer);
/* {"itemsReceived":…}; a failure of the whole request stands as the error of item 0. */
void desk_track_put_answer(desk_buffer *buffer, const desk_track_answer *answer, const desk_failure *failure);
#endif
