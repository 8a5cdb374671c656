/* A path that is followed: the file that it means at the moment, and those that it meant a short while ago. */
#ifndef OTEL__FOLLOWED_H
#define OTEL__FOLLOWED_H
#include "moves.h"
#include "tail.h"

typedef struct otel__followed {
    const char *name;
    const otel__sink *sink;
    char *directory;
    int notify;   /* inotify, set from outside; -1: none */
    int watch;    /* of the directory; -1: none */
    dev_t device; /* the directory that is watched */
    ino_t inode;
    otel__moves moves; /* since the last reading; added to from outside */
    otel__tail *files; /* the newest first; NULL: there was none yet */
    const char *said;  /* what was complained about last; NULL: nothing */
    bool failed;       /* something could not be read */
} otel__followed;

/* A file that is there is read from its end on, or with from_start from its beginning; all later ones from their
 * beginning. *p is zeroed; the name must live as long. false: out of memory. */
bool otel__followed_open(otel__followed *p, const char *name, bool from_start, const otel__sink *sink);
/* Lines without a newline are handed out. */
void otel__followed_close(otel__followed *p);

/* Opens what the path means now, if that is another file. */
void otel__followed_look(otel__followed *p);
/* Reads all its files, in the order of their age; true: there may be more. To be called when it was looked at, and
 * moves has every rename that came before that. */
bool otel__followed_read(otel__followed *p);

/* Whether inotify reports every change. */
bool otel__followed_is_watched(const otel__followed *p);
/* The system has ended that watch: what was watched is gone. */
void otel__followed_watch_ended(otel__followed *p, int watch);
#endif
