/* Times and durations as the service writes them. */
#ifndef DESK_TRACK_TIME_H
#define DESK_TRACK_TIME_H
#include "../desk.h"

/* 2026-01-02T03:04:05[.6789012](Z or +01:00) between 1970 and 2554; without a zone it is UTC. Finer digits are cut. */
bool desk_track_time(desk_text text, uint64_t *unix_nano);
/* [D.]HH:MM:SS[.fffffff] in milliseconds, at most 999 days. */
bool desk_track_duration(desk_text text, double *milliseconds);
#endif
