/* A path has one file at a time; its predecessors are read for a while still, because a program goes on writing to the
 * file that it has open until it is told of the rotation. Everything is found out by looking, once a second or more
 * often; inotify only says when to look at once. */
#include "follow.h"

#include <errno.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "tail.h"

enum { LOOK_MS = 1000, LOOK_WITHOUT_NOTICE_MS = 200, PREDECESSOR_MS = 5000, MOST_PREDECESSORS = 8 };

typedef struct path {
    const char *name;
    char *directory;
    int watch;         /* of the directory; -1: none */
    otel__tail *files; /* the newest first; NULL: there was none yet */
    const char *said;  /* what was complained about last; NULL: nothing */
} path;

struct otel__follow {
    const otel__sink *sink;
    path *paths;
    size_t count;
    int notify; /* inotify; -1: there is none */
    bool failed;
};

static char *directory_of(const char *name)
{
    char *copy = strdup(name);
    char *directory = copy ? strdup(dirname(copy)) : NULL;
    free(copy);
    return directory;
}

static void complain(path *p, const char *why)
{
    if (!p->said || strcmp(p->said, why) != 0) fprintf(stderr, "otel-log: %s: %s; waiting for it\n", p->name, why);
    p->said = why;
}

/* The file itself, whatever the path means by now. */
static void watch_file(otel__follow *follow, otel__tail *file)
{
    char name[64];
    if (follow->notify < 0 || file->watch >= 0) return;
    snprintf(name, sizeof name, "/proc/self/fd/%d", file->fd);
    file->watch = inotify_add_watch(follow->notify, name, IN_MODIFY);
}

static void watch_directory(otel__follow *follow, path *p)
{
    if (follow->notify < 0 || p->watch >= 0) return;
    p->watch = inotify_add_watch(follow->notify, p->directory, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
}

static void drop(otel__follow *follow, otel__tail **place)
{
    otel__tail *file = *place;
    *place = file->next;
    if (file->watch >= 0) inotify_rm_watch(follow->notify, file->watch);
    otel__tail_close(file);
}

/* A file that was not there when we began is new: it is read from its beginning. */
static void open_newest(otel__follow *follow, path *p, bool at_end)
{
    const char *why;
    otel__tail *file = otel__tail_open(p->name, at_end, follow->sink, &why);
    if (!file) {
        complain(p, why);
        return;
    }
    p->said = NULL;
    if (p->files) p->files->grown_ms = otel__now_ms(); /* from now on it may be quiet for so long */
    file->next = p->files;
    p->files = file;
}

/* A path that means nothing at the moment still has its last file. */
static void look_at_path(otel__follow *follow, path *p)
{
    struct stat status;
    watch_directory(follow, p);
    if (stat(p->name, &status) != 0) {
        if (!p->files || errno != ENOENT) complain(p, strerror(errno));
    } else if (!p->files || !otel__tail_is(p->files, &status)) {
        open_newest(follow, p, false);
    }
    if (p->files) watch_file(follow, p->files); /* before it is read: what is written from now on is reported */
}

/* The oldest first, and no other before it has been read to its end. */
static bool read_files(otel__follow *follow, path *p, otel__tail *file)
{
    if (!file) return false;
    if (read_files(follow, p, file->next) || otel__tail_read(file)) return true;
    if (file->error) {
        complain(p, strerror(file->error));
        follow->failed = true;
    }
    return false;
}

/* Those that have not grown for a while, and those beyond the most there may be. */
static void drop_predecessors(otel__follow *follow, path *p)
{
    uint64_t now = otel__now_ms();
    size_t kept = 0;
    if (!p->files) return;
    for (otel__tail **place = &p->files->next; *place;) {
        bool quiet = now - (*place)->grown_ms >= PREDECESSOR_MS;
        if (!quiet && ++kept <= MOST_PREDECESSORS) {
            place = &(*place)->next;
            continue;
        }
        while (otel__tail_read(*place)) continue;
        drop(follow, place);
    }
}

bool otel__follow_look(otel__follow *follow)
{
    bool more = false;
    for (size_t i = 0; i < follow->count; i++) {
        path *p = &follow->paths[i];
        look_at_path(follow, p);
        more |= read_files(follow, p, p->files);
        drop_predecessors(follow, p);
    }
    return more;
}

otel__follow *otel__follow_open(const char *const *paths, size_t count, bool from_start, const otel__sink *sink)
{
    otel__follow *follow = calloc(1, sizeof *follow);
    if (!follow) return NULL;
    *follow = (otel__follow){.sink = sink, .notify = -1, .paths = calloc(count, sizeof *follow->paths)};
    for (; follow->paths && follow->count < count; follow->count++) {
        path *p = &follow->paths[follow->count];
        *p = (path){.name = paths[follow->count], .watch = -1, .directory = directory_of(paths[follow->count])};
        if (!p->directory) break;
        open_newest(follow, p, !from_start);
    }
    if (follow->count == count) return follow;
    otel__follow_close(follow);
    return NULL;
}

void otel__follow_close(otel__follow *follow)
{
    for (size_t i = 0; i < follow->count; i++) {
        path *p = &follow->paths[i];
        while (p->files) drop(follow, &p->files);
        free(p->directory);
    }
    if (follow->notify >= 0) close(follow->notify);
    free(follow->paths);
    free(follow);
}

void otel__follow_notice(otel__follow *follow)
{
    follow->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

/* That something happened is all we want to know. */
static void forget_notices(const otel__follow *follow)
{
    char events[4096];
    while (follow->notify >= 0 && read(follow->notify, events, sizeof events) > 0) continue;
}

static int time_to_look(const otel__follow *follow)
{
    for (size_t i = 0; i < follow->count; i++) {
        const path *p = &follow->paths[i];
        if (p->watch < 0 || (p->files && p->files->watch < 0)) return LOOK_WITHOUT_NOTICE_MS;
    }
    return LOOK_MS;
}

/* false: the word to stop came. */
static bool wait_for_news(const otel__follow *follow, int stop_fd, int wait_ms)
{
    struct pollfd watched[] = {{.fd = follow->notify, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};
    if (poll(watched, 2, wait_ms) > 0 && watched[1].revents) return false;
    forget_notices(follow);
    return true;
}

bool otel__follow_run(otel__follow *follow, int stop_fd)
{
    bool more;
    do more = otel__follow_look(follow);
    while (wait_for_news(follow, stop_fd, more ? 0 : time_to_look(follow)));
    if (!more) otel__follow_look(follow); /* what was written since the last look; a long rest stays unread */
    return !follow->failed;
}
