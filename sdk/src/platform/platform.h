/* Everything the SDK needs of the operating system, on one page; the files of a system implement it. */
#ifndef OTEL__PLATFORM_H
#define OTEL__PLATFORM_H
#include <otel/base.h>
#include <stdatomic.h>

/* Clocks, nanoseconds. */
uint64_t otel__realtime_ns(void);
int64_t otel__monotonic_ns(void);
void otel__sleep_ns(int64_t ns);

/* Memory that is zero, and zero again in the child of a fork; NULL: refused. */
void *otel__wiped_map(size_t bytes);
void otel__wiped_unmap(void *p, size_t bytes);

/* Memory that is zero and stays over a fork, for what a signal handler may have to grow; NULL: refused. */
void *otel__pages_map(size_t bytes);
void otel__pages_unmap(void *p, size_t bytes);

/* Random bytes from the system; false when it has none to give. */
bool otel__system_random(void *out, size_t size);

/* The thread's address for hashing; no two living threads share one. */
uintptr_t otel__thread_pointer(void);

/* This process, and where it runs. Text is NUL-terminated; false: it cannot be told, or is longer. */
int64_t otel__process_id(void);
int64_t otel__parent_process_id(void);
int64_t otel__user_id(void);
bool otel__executable_path(char *out, size_t size);
bool otel__executable_name(char *out, size_t size); /* its base name */
bool otel__process_start_ns(uint64_t *unix_nano);
bool otel__host_name(char *out, size_t size);
bool otel__machine_name(char *out, size_t size); /* as uname says it: x86_64 */
bool otel__c_library(char *out, size_t size);    /* name, space, version of the one at run time */

/* The beginning of a file, NUL-terminated; returns how much there is, 0 when it cannot be read. */
size_t otel__read_file(const char *path, char *out, size_t size);

/* Waits while *word == expected, at most until the deadline (INT64_MAX: no limit); may return early. */
void otel__wait_on(_Atomic uint32_t *word, uint32_t expected, int64_t deadline_monotonic_ns);
void otel__wake_all(_Atomic uint32_t *word);

/* A lock that is one word: zero is free, so memory wiped by a fork holds only free locks. */
typedef struct otel__lock {
    _Atomic uint32_t word;
} otel__lock;
void otel__lock_take(otel__lock *lock);
bool otel__lock_take_until(otel__lock *lock, int64_t deadline_monotonic_ns); /* false: the deadline came first */
void otel__lock_give(otel__lock *lock);

/* A thread with that name and every signal blocked. */
typedef struct otel__thread {
    uint64_t handle;
    _Atomic bool running;
} otel__thread;
bool otel__thread_start(otel__thread *thread, const char *name, void *(*run)(void *), void *argument);
void otel__thread_join(otel__thread *thread);

/* What a loop sleeps on: descriptors, and a bell that any thread and any signal handler may ring. */
typedef struct otel__sleeper {
    int epoll, bell;
} otel__sleeper;
bool otel__sleeper_open(otel__sleeper *sleeper);
void otel__sleeper_close(otel__sleeper *sleeper);
/* In the child of a fork: close(2) alone, and only if the numbers still are what was inherited. The host may have
 * closed everything and opened files of its own before it came to us. */
void otel__sleeper_abandon(otel__sleeper *sleeper);
bool otel__sleeper_watch(otel__sleeper *sleeper, int descriptor);
void otel__sleeper_ring(otel__sleeper *sleeper);
/* Sleeps until the bell, a descriptor, or the deadline; a deadline that has passed only looks. */
void otel__sleeper_sleep(otel__sleeper *sleeper, int64_t deadline_monotonic_ns);

/* Keeps the module that holds this code mapped for the rest of the process: a thread is still inside. */
void otel__pin_module(const void *code);

/* write(2) without a SIGPIPE of ours; what cannot be written is lost. */
void otel__write_quietly(int descriptor, const void *bytes, size_t size);
#endif
