/* One row of the penguin data: from text to numbers, or the reason why not. */
#ifndef PENGUIN_H
#define PENGUIN_H
#include "dataset.h"

enum { PENGUIN_COLUMNS = 8 };
extern const char *const penguin_columns[PENGUIN_COLUMNS];

typedef struct penguin_fault {
    const char *column;
    const char *value;
    const char *reason;
} penguin_fault;

/* Fills *one from the fields of a row. false: *fault says which column is at fault and why. */
bool penguin_read(char *const fields[PENGUIN_COLUMNS], sample *one, penguin_fault *fault);

#endif
