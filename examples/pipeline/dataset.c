/* The cleaned data that the steps hand to each other. */
#include "dataset.h"

#include "csv.h"
#include "number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = INPUTS + 2 };

static const char header[] =
    "part,sex,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,is_chinstrap,is_gentoo\n";

bool dataset_add(dataset *set, const sample *one)
{
    if (set->count == set->room) {
        size_t room = set->room ? set->room * 2 : 256;
        sample *grown = reallocarray(set->samples, room, sizeof *grown);

        if (!grown) return false;
        set->samples = grown;
        set->room = room;
    }
    set->samples[set->count++] = *one;
    return true;
}

void dataset_free(dataset *set)
{
    free(set->samples);
    *set = (dataset){0};
}

static void write_sample(FILE *file, const sample *one)
{
    fprintf(file, "%s,%s", one->held_out ? "test" : "train", one->male ? "male" : "female");
    for (int i = 0; i < INPUTS; i++) fprintf(file, ",%.15g", one->inputs[i]);
    fputc('\n', file);
}

const char *dataset_write(const dataset *set, const char *path)
{
    FILE *file = fopen(path, "we");

    if (!file) return strerror(errno);
    fputs(header, file);
    for (size_t i = 0; i < set->count; i++) write_sample(file, &set->samples[i]);
    bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) return "the file cannot be written";
    return NULL;
}

static bool read_sample(char *fields[], sample *one)
{
    one->held_out = strcmp(fields[0], "test") == 0;
    one->male = strcmp(fields[1], "male") == 0;
    for (int i = 0; i < INPUTS; i++) {
        if (!number_read(fields[i + 2], &one->inputs[i])) return false;
    }
    return true;
}

static const char *read_samples(dataset *set, csv_reader *reader, bool held_out)
{
    char *fields[COLUMNS];
    const char *why;
    sample one;
    size_t count;

    if (csv_next(reader, fields, COLUMNS, &why) != COLUMNS || why)
        return "it does not begin with the header of cleaned data";
    while ((count = csv_next(reader, fields, COLUMNS, &why)) != 0) {
        if (why || count != COLUMNS || !read_sample(fields, &one)) return "a row is not one of cleaned data";
        if (one.held_out == held_out && !dataset_add(set, &one)) return "out of memory";
    }
    return NULL;
}

const char *dataset_read(dataset *set, const char *path, bool held_out)
{
    csv_reader reader;

    if (csv_open(&reader, path) != 0) return strerror(errno);
    const char *why = read_samples(set, &reader, held_out);
    csv_close(&reader);
    return why;
}
