/* The items of a request's body, one by one and unread, so that a bad one costs nothing but itself. */
#ifndef DESK_TRACK_ITEMS_H
#define DESK_TRACK_ITEMS_H
#include "../desk.h"

typedef enum desk_track_form {
    DESK_TRACK_ARRAY, /* [item, item] */
    DESK_TRACK_LINES, /* an item a line */
    DESK_TRACK_VALUES /* items one behind the other, over several lines each */
} desk_track_form;

typedef struct desk_track_items {
    desk_track_form form;
    const char *at, *end;
    bool ended;
} desk_track_items;

typedef enum desk_track_next { DESK_TRACK_ITEM, DESK_TRACK_END, DESK_TRACK_BROKEN } desk_track_next;

/* The form is told by what stands there, whatever the headers say. */
desk_track_items desk_track_items_of(desk_text body);
/* *item: the text of the next, which need be no JSON. DESK_TRACK_BROKEN: an array that is none, or has no end. */
desk_track_next desk_track_items_next(desk_track_items *items, desk_text *item);
#endif
