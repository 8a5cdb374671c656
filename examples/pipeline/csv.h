/* Rows of comma-separated text: one line, its fields in place. */
#ifndef CSV_H
#define CSV_H
#include <stddef.h>
#include <stdio.h>

typedef struct csv_reader {
    FILE *file;
    char *line; /* the last line read; its fields point into it */
    size_t room;
    size_t row; /* its number, 1 for the first line of the file */
} csv_reader;

/* 0, or -1 with errno set. */
int csv_open(csv_reader *reader, const char *path);
void csv_close(csv_reader *reader);

/* Reads the next line that is not empty and cuts it into fields, which stay valid until the next call. Returns how many
 * fields the line has (at most `room` of them are stored), 0 at the end of the file. When the line cannot be cut, *why
 * says what is wrong with it; else *why is NULL. */
size_t csv_next(csv_reader *reader, char *fields[], size_t room, const char **why);

#endif
