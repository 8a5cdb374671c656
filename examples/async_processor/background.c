/* A processor with a thread: emit keeps a clone, the thread works on it and passes it on. */
#include "background.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

enum { ROOM = 1024 };

typedef struct background {
    otel_log_processor base;
    background_work *work;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    otel_log_record *queue[ROOM];
    size_t first, count;
    size_t dropped;
    bool busy, running, ending;
} background;

static otel_log_record *next(background *b)
{
    otel_log_record *record = NULL;
    pthread_mutex_lock(&b->lock);
    b->busy = false;
    pthread_cond_broadcast(&b->changed);
    while (!b->count && !b->ending) pthread_cond_wait(&b->changed, &b->lock);
    if (b->count) {
        record = b->queue[b->first++ % ROOM];
        b->count--;
        b->busy = true;
    }
    pthread_mutex_unlock(&b->lock);
    return record;
}

static void *run(void *argument)
{
    background *b = argument;
    for (otel_log_record *record; (record = next(b)) != NULL;) {
        b->work(record);
        otel_log_pass(&b->base, record); /* no lock is held here */
        otel_log_record_destroy(record);
    }
    return NULL;
}

/* The program's signals are none of its business. */
static bool start(background *b)
{
    sigset_t all, before;
    pthread_condattr_t monotonic;
    pthread_mutex_init(&b->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&b->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    b->running = pthread_create(&b->thread, NULL, run, b) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return b->running;
}

static void background_emit(otel_log_processor *self, otel_log_record *record)
{
    background *b = (background *)self;
    otel_log_record *copy = otel_log_record_clone(record); /* what it is changed to is seen by nobody else */
    pthread_mutex_lock(&b->lock);
    bool room = copy && b->running && b->count < ROOM;
    if (room) {
        b->queue[(b->first + b->count++) % ROOM] = copy;
        pthread_cond_broadcast(&b->changed);
    } else {
        b->dropped++;
    }
    pthread_mutex_unlock(&b->lock);
    if (!room) otel_log_record_destroy(copy);
}

static otel_result background_flush(otel_log_processor *self, otel_deadline deadline)
{
    background *b = (background *)self;
    int error = 0;
    struct timespec until = {(time_t)(deadline.monotonic_ns / 1000000000), (long)(deadline.monotonic_ns % 1000000000)};
    pthread_mutex_lock(&b->lock);
    while (b->running && (b->count || b->busy) && error != ETIMEDOUT)
        error = pthread_cond_timedwait(&b->changed, &b->lock, &until);
    bool done = !b->count && !b->busy;
    pthread_mutex_unlock(&b->lock);
    return done ? OTEL_OK : OTEL_ERR_TIMEOUT;
}

/* What is still queued is worked on first; past the deadline it is dropped, and counted. */
static otel_result background_shutdown(otel_log_processor *self, otel_deadline deadline)
{
    background *b = (background *)self;
    otel_result result = background_flush(self, deadline);
    pthread_mutex_lock(&b->lock);
    for (; b->count; b->count--, b->dropped++) otel_log_record_destroy(b->queue[b->first++ % ROOM]);
    b->ending = true;
    pthread_cond_broadcast(&b->changed);
    pthread_mutex_unlock(&b->lock);
    if (b->running) pthread_join(b->thread, NULL); /* it has one record in hand at most */
    b->running = false;
    if (b->dropped) otel_diag(OTEL_SEVERITY_WARN, "background", "%zu records were dropped", b->dropped);
    return result;
}

/* The thread was the parent's, and so are the clones: they are given up, as another thread may have been at them. */
static void background_after_fork(otel_log_processor *self)
{
    background *b = (background *)self;
    bool had_a_thread = b->running;
    b->first = b->count = b->dropped = 0;
    b->busy = false;
    if (had_a_thread) start(b);
}

static void background_destroy(otel_log_processor *self)
{
    background *b = (background *)self;
    background_shutdown(self, otel_deadline_in_ms(0)); /* when no provider ever did */
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
}

static const otel_log_processor_ops background_ops = {.size = sizeof background_ops,
                                                      .name = "background",
                                                      .emit = background_emit,
                                                      .flush = background_flush,
                                                      .shutdown = background_shutdown,
                                                      .destroy = background_destroy,
                                                      .after_fork = background_after_fork};

otel_log_processor *background_new(background_work *work)
{
    background *b = otel_log_processor_new(sizeof *b, &background_ops);
    if (!b) return NULL;
    b->work = work;
    if (start(b)) return &b->base;
    otel_log_processor_destroy(&b->base);
    return NULL;
}
