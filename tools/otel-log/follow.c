/* Everything is found out by looking, once a second or more often; inotify says when to look at once, and what was
 * renamed since the last look. */
#include "follow.h"

#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "followed.h"

enum { LOOK_MS = 1000, LOOK_WITHOUT_NOTICE_MS = 200 };

struct otel__follow {
    otel__followed *paths;
    size_t count;
    int notify;                     /* inotify; -1: there is none */
    uint32_t moving;                /* the cookie of the last rename, */
    char moving_from[NAME_MAX + 1]; /* and its first half */
};

otel__follow *otel__follow_open(const char *const *paths, size_t count, bool from_start, const otel__sink *sink)
{
    otel__follow *follow = calloc(1, sizeof *follow);
    if (!follow) return NULL;
    *follow = (otel__follow){.notify = -1, .paths = calloc(count, sizeof *follow->paths)};
    while (follow->paths && follow->count < count) {
        if (!otel__followed_open(&follow->paths[follow->count], paths[follow->count], from_start, sink)) break;
        follow->count++;
    }
    if (follow->count == count) return follow;
    otel__follow_close(follow);
    return NULL;
}

void otel__follow_close(otel__follow *follow)
{
    for (size_t i = 0; i < follow->count; i++) otel__followed_close(&follow->paths[i]);
    if (follow->notify >= 0) close(follow->notify);
    free(follow->paths);
    free(follow);
}

void otel__follow_notice(otel__follow *follow)
{
    follow->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    for (size_t i = 0; i < follow->count; i++) follow->paths[i].notify = follow->notify;
}

static void take_rename(otel__follow *follow, int watch, const char *to)
{
    for (size_t i = 0; i < follow->count; i++) {
        otel__followed *p = &follow->paths[i];
        if (p->watch == watch) otel__moves_add(&p->moves, follow->moving_from, to);
    }
}

static void take_end_of_watch(otel__follow *follow, int watch)
{
    for (size_t i = 0; i < follow->count; i++) otel__followed_watch_ended(&follow->paths[i], watch);
}

/* The two halves of a rename follow one another. What else happens needs no more than that somebody looks. */
static void take_notice(otel__follow *follow, const struct inotify_event *event)
{
    if (event->mask & IN_MOVED_FROM) {
        follow->moving = event->cookie;
        snprintf(follow->moving_from, sizeof follow->moving_from, "%s", event->name);
    }
    if ((event->mask & IN_MOVED_TO) && event->cookie == follow->moving) take_rename(follow, event->wd, event->name);
    if (event->mask & IN_IGNORED) take_end_of_watch(follow, event->wd);
}

static void take_notices(otel__follow *follow)
{
    union {
        struct inotify_event first; /* for its alignment */
        char bytes[16 * 1024];
    } events;
    ssize_t got;
    while (follow->notify >= 0 && (got = read(follow->notify, &events, sizeof events)) > 0) {
        for (const char *at = events.bytes; at < events.bytes + got;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
            take_notice(follow, event);
            at += sizeof *event + event->len;
        }
    }
}

/* Renames are taken notice of when the paths have been looked at: so every file is known that is older than the one at
 * its path. */
bool otel__follow_look(otel__follow *follow)
{
    bool more = false;
    for (size_t i = 0; i < follow->count; i++) otel__followed_look(&follow->paths[i]);
    take_notices(follow);
    for (size_t i = 0; i < follow->count; i++) more |= otel__followed_read(&follow->paths[i]);
    return more;
}

static int time_to_look(const otel__follow *follow)
{
    for (size_t i = 0; i < follow->count; i++) {
        if (!otel__followed_is_watched(&follow->paths[i])) return LOOK_WITHOUT_NOTICE_MS;
    }
    return LOOK_MS;
}

/* false: the word to stop came. */
static bool wait_for_news(const otel__follow *follow, int stop_fd, int wait_ms)
{
    struct pollfd watched[] = {{.fd = follow->notify, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};
    return poll(watched, 2, wait_ms) <= 0 || watched[1].revents == 0;
}

static bool any_failed(const otel__follow *follow)
{
    bool failed = false;
    for (size_t i = 0; i < follow->count; i++) failed |= follow->paths[i].failed;
    return failed;
}

bool otel__follow_run(otel__follow *follow, int stop_fd)
{
    bool more;
    do more = otel__follow_look(follow);
    while (wait_for_news(follow, stop_fd, more ? 0 : time_to_look(follow)));
    if (!more) otel__follow_look(follow); /* what was written since the last look; a long rest stays unread */
    return !any_failed(follow);
}
