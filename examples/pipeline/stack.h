/* Where the program is, for an exception. */
#ifndef STACK_H
#define STACK_H
#include <stddef.h>

enum { STACK_BYTES = 2048 };

/* Writes the caller's stack into room, a frame a line, the innermost first; what does not fit is left out. Returns
 * room. */
const char *stack_text(char room[STACK_BYTES]);

#endif
