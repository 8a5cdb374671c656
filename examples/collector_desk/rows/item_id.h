/* The ids of rows, as the portal shows them: which row of which table, for as long as the row lives. */
#ifndef DESK_ITEM_ID_H
#define DESK_ITEM_ID_H
#include "../desk.h"

enum { DESK_ITEM_ID_SIZE = 36 };

typedef struct desk_item_ids {
    uint64_t process; /* random */
    uint64_t next;
} desk_item_ids;

desk_item_ids desk_item_ids_begin(void);
/* 0f3a…-…: 32 digits in the form of a UUID, no two alike. room: DESK_ITEM_ID_SIZE bytes. */
desk_text desk_item_id_next(desk_item_ids *ids, char *room);
#endif
