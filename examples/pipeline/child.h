/* A step as a process of its own, in an environment of its own. */
#ifndef CHILD_H
#define CHILD_H
#include <stddef.h>

/* Our environment with one variable set: a new vector whose strings are shared with `base` but for the new one. To be
 * freed with environment_free, before base. NULL: out of memory. */
char **environment_with(char *const base[], const char *name, const char *value);
void environment_free(char **environment);

/* Starts the program `name` that lies beside this one, waits for its end, and returns its wait status; -1, errno set,
 * when it could not be started. arguments[0] is filled in. */
int child_run(const char *name, char *arguments[], char *const environment[]);

#endif
