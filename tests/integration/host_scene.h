/* Scenes of host mode: programs with an event loop of their own and no thread of ours, against receivers that live in
 * another process. Each scene is a process of its own. */
#ifndef HOST_SCENE_H
#define HOST_SCENE_H
#include "host_loop.h"

/* What a call may take of the processor, and what one with a sleep in it may take at all. Healthy ones take a quarter
 * of the first, sick ones several times as much; a machine that others use is at times three times as slow. */
#define CALL_MOST_US (20000 * CALL_SLOWER)
#define CALL_MOST_WAITING_US (5000 * CALL_SLOWER)

/* A sanitizer's allocator takes its time with megabytes. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CALL_SLOWER 5
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CALL_SLOWER 5
#endif
#endif
#ifndef CALL_SLOWER
#define CALL_SLOWER 1
#endif
enum { LATE = 3, WRONG = 4 };

typedef struct receivers {
    unsigned silent, closed, full, good, dribbling, endless, bomb, slow, tls; /* ports */
} receivers;
extern receivers ports;

typedef struct scene {
    const char *name, *host; /* host NULL: 127.0.0.1 */
    const unsigned *port;
    unsigned turns, records_a_turn, record_bytes;
    const char *queue, *batch; /* records; NULL: as ever */
    bool gzip, tls, system_authorities, arrives;
} scene;

/* Before any scene; theirs are the threads that are not ours. */
void start_receivers(void);
/* Runs the scene's body in a process. What takes too long (LATE) three times in a row has failed. */
void expect_in_time(int (*body)(void *), scene *s);

/* In the scene's process. */
int complain(const char *what, long long number); /* WRONG */
void set_environment(const scene *s);
bool start_hosted(void);
void log_one(void *text);
uint64_t exported(void);
/* Says how long the longest call took: LATE, WRONG (more threads than look-ups of libcurl's), or 0. */
int judge(const scene *s, const host_loop *loop, int look_ups);
#endif
