/* Rows of comma-separated text: one line, its fields in place; quotes as in RFC 4180, but no line breaks in fields. */
#include "csv.h"

#include <stdlib.h>
#include <string.h>

int csv_open(csv_reader *reader, const char *path)
{
    *reader = (csv_reader){.file = fopen(path, "re")};
    return reader->file ? 0 : -1;
}

void csv_close(csv_reader *reader)
{
    if (reader->file) fclose(reader->file);
    free(reader->line);
    *reader = (csv_reader){0};
}

/* Takes the quotes off a field that begins with one. Returns where the field ends, NULL when no quote ends it. */
static char *unquote(char *field)
{
    char *to = field;

    for (char *from = field + 1; *from; from++) {
        if (*from == '"' && *++from != '"') {
            *to = '\0';
            return from;
        }
        *to++ = *from;
    }
    return NULL;
}

static size_t split(char *at, char *fields[], size_t room, const char **why)
{
    for (size_t count = 1;; count++) {
        char *field = at;

        if (*at == '"') {
            at = unquote(field);
            if (!at || (*at && *at != ',')) {
                *why = at ? "text behind a closing quote" : "a quote that is never closed";
                return count;
            }
        } else {
            at += strcspn(at, ",");
        }
        if (count <= room) fields[count - 1] = field;
        if (*at == '\0') return count;
        *at++ = '\0';
    }
}

size_t csv_next(csv_reader *reader, char *fields[], size_t room, const char **why)
{
    ssize_t size;

    *why = NULL;
    do {
        size = getline(&reader->line, &reader->room, reader->file);
        if (size < 0) return 0;
        reader->row++;
        reader->line[strcspn(reader->line, "\r\n")] = '\0';
    } while (reader->line[0] == '\0');
    return split(reader->line, fields, room, why);
}
