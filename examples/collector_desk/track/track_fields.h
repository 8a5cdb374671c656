/* The kinds of items: which table each goes to, and which of its fields stands in which column. */
#ifndef DESK_TRACK_FIELDS_H
#define DESK_TRACK_FIELDS_H
#include "track_item.h"

/* Fills the table's own columns. False: refused, also a kind that the desk has no table for. */
bool desk_track_fields(desk_track_reader *reader, desk_text base_type, desk_row *row);
#endif
