/* What the desk was told to answer instead of what it would: --fail and its companions. */
#ifndef DESK_ORDERS_H
#define DESK_ORDERS_H
#include "../desk.h"

enum { DESK_ORDERS_MOST_ITEMS = 256 };

typedef struct desk_orders {
    unsigned status;         /* 0: requests are taken */
    const char *retry_after; /* NULL: no such header */
    const char *location;    /* the same */
    unsigned first;          /* how many requests it is for; 0: all */
    unsigned seen;
    unsigned short items[DESK_ORDERS_MOST_ITEMS]; /* 0: the item is taken */
    size_t item_count;                            /* 0: nothing is said of items */
} desk_orders;

/* One option with its value. False: said on stderr what is wrong; *known is false when it is no option of these. */
bool desk_orders_read(desk_orders *orders, const char *name, const char *value, bool *known);
/* After all options. False: said on stderr which do not go together. */
bool desk_orders_check(desk_orders *orders);

/* The orders when they are for the next request, which is counted; else NULL. is_track: it has items. */
const desk_orders *desk_orders_next(desk_orders *orders, bool is_track);
/* True when the records are kept all the same: the sender is told so. */
bool desk_orders_take(const desk_orders *orders);
/* What is said of the item at that place; 0: nothing. */
unsigned desk_orders_item_status(const desk_orders *orders, size_t index);
/* What the service would say with such a status. */
desk_text desk_orders_words(unsigned status);
#endif
