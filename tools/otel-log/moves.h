/* Where the former files of a path have gone: renames inside its directory, as inotify reports them. So a file is found
 * that was created and rotated away between two looks. */
#ifndef OTEL__MOVES_H
#define OTEL__MOVES_H
#include <limits.h>
#include <stddef.h>

enum { OTEL__MOST_MOVES = 256 };

typedef struct otel__moves {
    const char *name; /* the file's own, without its directory */
    char to[OTEL__MOST_MOVES][NAME_MAX + 1];
    size_t count; /* of names that files have now which were at the path before; the oldest first */
} otel__moves;

/* One file has been renamed. */
void otel__moves_add(otel__moves *moves, const char *from, const char *to);
#endif
