/* A file may be renamed again and again (log.1 to log.2, log to log.1): it keeps its place in the order. */
#include "moves.h"

#include <string.h>

static void set(char *place, const char *name)
{
    size_t size = strnlen(name, NAME_MAX);
    memcpy(place, name, size);
    place[size] = '\0';
}

static void drop(otel__moves *moves, size_t at)
{
    moves->count--;
    memmove(moves->to[at], moves->to[at + 1], (moves->count - at) * sizeof moves->to[0]);
}

/* The file that had the name is gone. */
static void overwrite(otel__moves *moves, const char *name)
{
    for (size_t i = 0; i < moves->count;) {
        if (strcmp(moves->to[i], name) == 0)
            drop(moves, i);
        else
            i++;
    }
}

void otel__moves_add(otel__moves *moves, const char *from, const char *to)
{
    overwrite(moves, to);
    for (size_t i = 0; i < moves->count; i++) {
        if (strcmp(moves->to[i], from) == 0) set(moves->to[i], to);
    }
    if (strcmp(moves->name, from) != 0) return;
    if (moves->count == OTEL__MOST_MOVES) drop(moves, 0);
    set(moves->to[moves->count++], to);
}
