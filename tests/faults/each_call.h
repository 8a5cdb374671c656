/* Runs faults_scenario with one call failing, for every call of a function; see test_faults_system.c. */
#ifndef EACH_CALL_H
#define EACH_CALL_H
#include <stddef.h>

typedef struct faulty_call {
    const char *name;
    long least; /* fewer would mean that the interposer no longer sees them */
} faulty_call;

/* Ends the test when a run does not end well. */
void fail_each_of(const faulty_call *calls, size_t count);

/* The receiver and the environment of the runs, for a group of cmocka tests. */
int faults_begin(void **state);
int faults_begin_azure(void **state);
int faults_end(void **state);
#endif
