/* One file that is read to its end, and again when it has grown: by its inode, whatever its name has become. */
#ifndef OTEL__TAIL_H
#define OTEL__TAIL_H
#include <stdint.h>
#include <sys/stat.h>

#include "reader.h"

enum { OTEL__TAIL_MEMORY = 64 };

typedef struct otel__tail {
    struct otel__tail *next; /* for whoever keeps several */
    otel__reader reader;
    int fd;
    int watch; /* of inotify; -1: none */
    dev_t device;
    ino_t inode;
    off_t offset;                 /* all before it was read */
    char last[OTEL__TAIL_MEMORY]; /* the bytes before offset, */
    size_t last_size;             /* so many of them: all, or as many as there is room for */
    bool emptied;                 /* it was, when it was looked at last, and nothing has been written since */
    uint64_t grown_ms;            /* when it grew last, on otel__now_ms's clock */
    int error;                    /* of the last read; 0: none */
} otel__tail;

/* Milliseconds on the monotonic clock. */
uint64_t otel__now_ms(void);

/* The lines go to the sink as lines of `path`, under whatever name the file is opened. NULL: *why says why, as text of
 * strerror or our own. */
otel__tail *otel__tail_open(const char *name, const char *path, bool at_end, const otel__sink *sink, const char **why);
/* Hands out what stands behind the last newline. */
void otel__tail_close(otel__tail *tail);

bool otel__tail_is(const otel__tail *tail, const struct stat *status);
/* Reads what is new, at most about 1 MiB. true: there may be more. */
bool otel__tail_read(otel__tail *tail);
#endif
