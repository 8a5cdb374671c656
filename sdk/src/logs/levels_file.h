/* The file of OTEL_C_LOG_LEVELS_FILE: read at start, and again when it has changed. */
#ifndef OTEL__LOGS_LEVELS_FILE_H
#define OTEL__LOGS_LEVELS_FILE_H
#include "common/levels.h"
#include <stddef.h>

enum { OTEL__LEVELS_FILE_MAX = 65536 }; /* bytes; a longer file is refused */

typedef struct otel__levels_file {
    char *path;       /* NULL: none */
    uint64_t seen[5]; /* device, inode, size, time of change: of what was read last; zero: nothing was */
    bool missing;     /* said */
    int64_t next_ns;  /* when to look again */
} otel__levels_file;

/* Reads it into levels if it can be read (else says so, and the levels stay as they are). path NULL: nothing. */
void otel__levels_file_open(otel__levels_file *file, const char *path, otel__levels *levels);
void otel__levels_file_close(otel__levels_file *file);
/* Its text when it has changed since it was read, to be released; NULL: it has not, or cannot be read. */
char *otel__levels_file_news(otel__levels_file *file);
#endif
