/* A moment as the portal writes it. */
#ifndef DESK_ROW_TIME_H
#define DESK_ROW_TIME_H
#include "../desk.h"

/* 2026-01-02T03:04:05.6789012Z, cut to 100 ns. `room` has at least 32 bytes. */
desk_text desk_timestamp(uint64_t unix_nano, char *room);
#endif
