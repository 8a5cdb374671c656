/* Deadlines on a machine that others use too: one is missed when it is missed three times in a row. */
#ifndef TRIES_H
#define TRIES_H
#include <stdbool.h>
#include <stdint.h>

/* Does it again until it is in time, at most three times; false: it never was. */
bool in_three_tries(bool (*once)(void *argument), void *argument);
/* Whether no more than most_ms have passed since began_ms (of CLOCK_MONOTONIC); when not, that is printed. Less than
 * least_ms is never right and ends the test. */
bool took_between(int64_t began_ms, int64_t least_ms, int64_t most_ms);
#endif
