/* One row of the penguin data: from text to numbers, or the reason why not. */
#include "penguin.h"

#include "number.h"

#include <string.h>

enum { SPECIES = 0, FIRST_MEASURE = 2, SEX = 6, MEASURES = 4 };

const char *const penguin_columns[PENGUIN_COLUMNS] = {
    "species", "island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex", "year"};

/* What a grown penguin of these species can measure. */
static const struct {
    double least, most;
} plausible[MEASURES] = {{25, 70}, {10, 25}, {150, 250}, {2000, 7000}};

static const char *measure_fault(const char *text, double least, double most, double *measure)
{
    if (*text == '\0' || strcmp(text, "NA") == 0) return "missing";
    if (!number_read(text, measure)) return "not a number";
    return *measure < least || *measure > most ? "out of range" : NULL;
}

static const char *species_fault(const char *text, sample *one)
{
    one->inputs[MEASURES] = strcmp(text, "Chinstrap") == 0;
    one->inputs[MEASURES + 1] = strcmp(text, "Gentoo") == 0;
    if (one->inputs[MEASURES] + one->inputs[MEASURES + 1] > 0 || strcmp(text, "Adelie") == 0) return NULL;
    return "not a species we know";
}

static const char *sex_fault(const char *text, sample *one)
{
    one->male = strcmp(text, "male") == 0;
    if (one->male || strcmp(text, "female") == 0) return NULL;
    return *text == '\0' || strcmp(text, "NA") == 0 ? "missing" : "neither male nor female";
}

static bool accept(const char *reason, int column, const char *value, penguin_fault *fault)
{
    *fault = (penguin_fault){penguin_columns[column], value, reason};
    return reason == NULL;
}

bool penguin_read(char *const fields[PENGUIN_COLUMNS], sample *one, penguin_fault *fault)
{
    for (int i = 0; i < MEASURES; i++) {
        int column = FIRST_MEASURE + i;
        const char *reason = measure_fault(fields[column], plausible[i].least, plausible[i].most, &one->inputs[i]);

        if (!accept(reason, column, fields[column], fault)) return false;
    }
    return accept(species_fault(fields[SPECIES], one), SPECIES, fields[SPECIES], fault) &&
           accept(sex_fault(fields[SEX], one), SEX, fields[SEX], fault);
}
