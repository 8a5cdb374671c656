/* A run of the pipeline: what describes it, and its steps as processes that inherit the description. */
#ifndef RUN_H
#define RUN_H
#include "attribute_list.h"

typedef struct run {
    const char *id;            /* NULL: the environment's, or a random one */
    const char *experiment;    /* NULL: the environment's, or a name of ours */
    attribute_list attributes; /* filled by run_describe: what every log of this run carries */
} run;

/* Collects the description and puts it into OTEL_RESOURCE_ATTRIBUTES, for our own logs and for every step. To be called
 * before there is a second thread. false: said on standard error. */
bool run_describe(run *self);
void run_free(run *self);

/* Runs one step to its end, with a name and an id of its own on top of the description. false: it failed (logged). */
bool run_step(run *self, const char *name, char *arguments[]);

#endif
