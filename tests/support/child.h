/* Runs a function in a process of its own, with its output caught: for what a process can do to itself only once. */
#ifndef CHILD_H
#define CHILD_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct child_end {
    int code;   /* exit status; -1: it did not exit by itself */
    int number; /* the signal that ended it; 0: none */
    bool hung;  /* ended by us, after limit_ms */
    int64_t ms; /* how long it ran */
    char *text; /* standard output and error, NUL-terminated; to be freed */
} child_end;

/* body's value is the exit status (given to exit). The process dies with its parent. */
child_end child_run(int (*body)(void *argument), void *argument, unsigned limit_ms);
/* Ends the test with the output shown, unless the child returned 0. Frees the output. */
void child_expect_good(child_end end, const char *what);

int64_t child_now_ms(void);
void child_sleep_ms(unsigned ms);
/* Waits for a child of our own at most so long; false: it was killed. */
bool child_wait(int pid, unsigned limit_ms, int *status);
/* Removes every OTEL_ variable; sets OTEL_LOGS_EXPORTER and the OTLP endpoint (each may be NULL). */
void child_environment(const char *exporters, const char *endpoint);
bool child_long(void); /* OTEL_TEST_LONG */
#endif
