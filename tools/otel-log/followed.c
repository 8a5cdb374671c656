/* A path has one file at a time; its predecessors are read for a while still, because a program goes on writing to the
 * file that it has open until it is told of the rotation. */
#include "followed.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

enum { PREDECESSOR_MS = 5000, MOST_PREDECESSORS = 8 };

/* Where the name in the directory begins. */
static size_t directory_size(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? (size_t)(slash - name) + 1 : 0;
}

static void complain(otel__followed *p, const char *why)
{
    if (!p->said || strcmp(p->said, why) != 0) fprintf(stderr, "otel-log: %s: %s; waiting for it\n", p->name, why);
    p->said = why;
}

/* The file itself, whatever the path means by now. */
static void watch_file(const otel__followed *p, otel__tail *file)
{
    char name[64];
    if (p->notify < 0 || file->watch >= 0) return;
    snprintf(name, sizeof name, "/proc/self/fd/%d", file->fd);
    file->watch = inotify_add_watch(p->notify, name, IN_MODIFY);
}

/* A directory may be removed or renamed and made anew, and inotify does not always tell. */
static void watch_directory(otel__followed *p)
{
    struct stat status = {0};
    if (p->notify < 0) return;
    bool there = stat(p->directory, &status) == 0;
    if (there && p->watch >= 0 && status.st_dev == p->device && status.st_ino == p->inode) return;
    if (p->watch >= 0) inotify_rm_watch(p->notify, p->watch);
    p->watch = there ? inotify_add_watch(p->notify, p->directory, IN_CREATE | IN_MOVE | IN_ONLYDIR) : -1;
    p->device = status.st_dev;
    p->inode = status.st_ino;
}

static void insert(otel__tail **place, otel__tail *file)
{
    file->next = *place;
    *place = file;
}

static otel__tail *take_out(otel__tail **place)
{
    otel__tail *file = *place;
    *place = file->next;
    return file;
}

/* NULL: it is not among those we have. */
static otel__tail **find(otel__followed *p, const struct stat *status)
{
    for (otel__tail **place = &p->files; *place; place = &(*place)->next) {
        if (otel__tail_is(*place, status)) return place;
    }
    return NULL;
}

static void set_newest(otel__followed *p, otel__tail *file)
{
    if (p->files) p->files->grown_ms = otel__now_ms(); /* from now on it may be quiet for so long */
    insert(&p->files, file);
}

/* A file that was not there when we began is new: it is read from its beginning. */
static void open_newest(otel__followed *p, bool at_end)
{
    const char *why;
    otel__tail *file = otel__tail_open(p->name, p->name, at_end, p->sink, &why);
    if (!file) {
        complain(p, why);
        return;
    }
    p->said = NULL;
    set_newest(p, file);
}

/* A path that means nothing at the moment still has its last file. */
void otel__followed_look(otel__followed *p)
{
    struct stat status;
    watch_directory(p);
    if (stat(p->name, &status) != 0) {
        if (!p->files || errno != ENOENT) complain(p, strerror(errno));
        return;
    }
    otel__tail **known = find(p, &status);
    if (!known)
        open_newest(p, false);
    else if (*known != p->files)
        set_newest(p, take_out(known)); /* it was renamed back */
}

static bool has_moved_to(const otel__followed *p, size_t i, char *name, struct stat *status)
{
    int size = snprintf(name, PATH_MAX, "%s/%s", p->directory, p->moves.to[i]);
    return size > 0 && size < PATH_MAX && stat(name, status) == 0;
}

/* Where the newest file that we have stands among those that were renamed; behind all of them when it was not. */
static size_t newest_among_moved(const otel__followed *p)
{
    char name[PATH_MAX];
    struct stat status;
    size_t i = 0;
    while (i < p->moves.count && !(p->files && has_moved_to(p, i, name, &status) && otel__tail_is(p->files, &status)))
        i++;
    return i;
}

/* Files that were at the path for a moment between two looks, before or after the newest that we saw there. */
static void open_moved(otel__followed *p)
{
    const char *why;
    char name[PATH_MAX];
    struct stat status;
    size_t newest = newest_among_moved(p);
    for (size_t i = 0; i < p->moves.count; i++) {
        if (!has_moved_to(p, i, name, &status) || find(p, &status)) continue;
        otel__tail *file = otel__tail_open(name, p->name, false, p->sink, &why);
        if (file) insert(i < newest && p->files ? &p->files->next : &p->files, file);
    }
    p->moves.count = 0;
}

/* The oldest first, and no other before it has been read to its end. */
static bool read_files(otel__followed *p, otel__tail *file)
{
    if (!file) return false;
    if (read_files(p, file->next) || otel__tail_read(file)) return true;
    if (file->error) {
        complain(p, strerror(file->error));
        p->failed = true;
    }
    return false;
}

static void drop(const otel__followed *p, otel__tail **place)
{
    otel__tail *file = take_out(place);
    if (file->watch >= 0) inotify_rm_watch(p->notify, file->watch);
    otel__tail_close(file);
}

/* Those that have not grown for a while, and those beyond the most there may be. */
static void drop_predecessors(otel__followed *p)
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
        drop(p, place);
    }
}

/* The watch comes before the reading: what is written from then on is noticed. */
bool otel__followed_read(otel__followed *p)
{
    open_moved(p);
    if (p->files) watch_file(p, p->files);
    bool more = read_files(p, p->files);
    if (!more) drop_predecessors(p);
    return more;
}

bool otel__followed_open(otel__followed *p, const char *name, bool from_start, const otel__sink *sink)
{
    size_t size = directory_size(name);
    p->name = name;
    p->sink = sink;
    p->notify = p->watch = -1;
    p->moves.name = name + size;
    p->directory = size > 0 ? strndup(name, size) : strdup(".");
    if (p->directory) open_newest(p, !from_start);
    return p->directory != NULL;
}

static void drop_all(const otel__followed *p, otel__tail **place)
{
    if (!*place) return;
    drop_all(p, &(*place)->next);
    drop(p, place);
}

void otel__followed_close(otel__followed *p)
{
    drop_all(p, &p->files);
    free(p->directory);
}

bool otel__followed_is_watched(const otel__followed *p)
{
    return p->watch >= 0 && (!p->files || p->files->watch >= 0);
}

void otel__followed_watch_ended(otel__followed *p, int watch)
{
    if (p->watch == watch) p->watch = -1;
    for (otel__tail *file = p->files; file; file = file->next) {
        if (file->watch == watch) file->watch = -1;
    }
}
