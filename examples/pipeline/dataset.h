/* The cleaned data that the steps hand to each other: numbers only, in a file of comma-separated text. */
#ifndef DATASET_H
#define DATASET_H
#include <stdbool.h>
#include <stddef.h>

enum { INPUTS = 6 }; /* bill length, bill depth, flipper length, body mass; is it a chinstrap, is it a gentoo */

typedef struct sample {
    double inputs[INPUTS];
    bool male;     /* what the model learns to tell */
    bool held_out; /* not for training: for scoring */
} sample;

typedef struct dataset {
    sample *samples;
    size_t count;
    size_t room;
} dataset;

bool dataset_add(dataset *set, const sample *one); /* false: out of memory */
void dataset_free(dataset *set);

/* NULL, or what went wrong. */
const char *dataset_write(const dataset *set, const char *path);
/* Adds the samples of the file that are held out, or those that are not. NULL, or what went wrong. */
const char *dataset_read(dataset *set, const char *path, bool held_out);

#endif
