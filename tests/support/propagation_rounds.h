/* What must hold of every input, however hostile: extract, inject, extract again. */
#ifndef PROPAGATION_ROUNDS_H
#define PROPAGATION_ROUNDS_H
#include <otel/propagation.h>
#include <stdint.h>

enum { PIECES_MAX = 64 };

/* Headers whose values are pieces of an input, nothing behind them. */
typedef struct piece_list {
    size_t count;
    otel_str names[PIECES_MAX], values[PIECES_MAX];
} piece_list;

/* Cuts at NULs; the names are given in order, the last of them for all that are left. */
void cut_pieces(piece_list *list, const uint8_t *data, size_t size, const char *const *names, size_t count);
extern const otel_getter piece_getter; /* carrier: piece_list */

/* Aborts unless: memory is kept to, whatever its size; what goes out is text of the known headers within their limits;
 * what was sent and read again is sent again as it was. */
void check_rounds(const char *propagators, const otel_getter *getter, const void *carrier, size_t small);
/* For each that comes along. Not all in one list: what one sends of another's (B3 knows no trace state) comes back. */
void check_all_rounds(const otel_getter *getter, const void *carrier, size_t small);
#endif
