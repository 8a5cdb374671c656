/* The one loop: every batch processor of a provider takes its turn here; it sleeps in one place, and never elsewhere.
 */
#ifndef OTEL__LOGS_EXPORT_LOOP_H
#define OTEL__LOGS_EXPORT_LOOP_H
#include "platform/platform.h"
#include <otel/sdk/deadline.h>

struct otel__batch;
enum { OTEL__PIPELINES_MAX = 32 };

typedef struct otel__loop {
    otel__sleeper sleeper;
    otel__thread thread;
    struct otel__batch *batches[OTEL__PIPELINES_MAX];
    _Atomic uint32_t batch_count;
    _Atomic uint32_t progress; /* moves on whenever a flush or a stop was completed */
    _Atomic uint32_t quit, gone;
    bool host;                /* no thread: the host turns it */
    bool started;             /* it turns whether there are batch processors or not */
    _Atomic uintptr_t turner; /* who turns it without a thread of ours, by thread pointer; 0: nobody at the moment */
    uint32_t first;           /* whose turn is first */
    _Atomic int64_t next_ns;
    int64_t (*chores)(void *of, int64_t now_ns); /* in every turn; answers when it wants the next at the latest */
    void *chores_of;
} otel__loop;

bool otel__loop_open(otel__loop *loop, bool host);
void otel__loop_close(otel__loop *loop);
/* Takes a batch processor in; the caller serialises. Starts the thread with the first. false: no room, or no thread. */
bool otel__loop_add(otel__loop *loop, struct otel__batch *batch);
/* Turns from now on, also without a batch processor; false: no thread. */
bool otel__loop_start(otel__loop *loop);
void otel__loop_ring(otel__loop *loop);
void otel__loop_announce(otel__loop *loop); /* progress was made: whoever waits looks again */

/* Waits until done(argument), turning the loop itself in host mode; false: the deadline came first, or the caller is
 * called by the very loop that it would wait for. */
bool otel__loop_wait(otel__loop *loop, bool (*done)(const void *argument), const void *argument, int64_t deadline_ns);
/* Ends the thread; false: it did not come home by the deadline. */
bool otel__loop_quit(otel__loop *loop, int64_t deadline_ns);
/* In the child of a fork: descriptors and thread of its own. */
bool otel__loop_after_fork(otel__loop *loop, bool start_thread);

/* One turn on the host's thread, of a millisecond or little more; nothing while another is under way. */
void otel__loop_turn(otel__loop *loop);
int32_t otel__loop_timeout_ms(const otel__loop *loop);
#endif
