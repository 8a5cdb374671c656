/* The files of page/, which the build puts into the program. */
#ifndef DESK_ASSETS_H
#define DESK_ASSETS_H
#include <stddef.h>

typedef struct desk_asset {
    const char *name, *type;
    const char *tag; /* changes with the content; in quotes, as ETag wants it */
    const unsigned char *bytes;
    size_t size;
} desk_asset;

/* The last one has no name. */
extern const desk_asset desk_assets[];
#endif
