/* A command as a process of its own: started in a given environment, its output caught or not, waited for. */
#ifndef OTEL__LOG_COMMAND_H
#define OTEL__LOG_COMMAND_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { OTEL__COMMAND_NOT_FOUND = 127, OTEL__COMMAND_NOT_STARTED = 126, OTEL__COMMAND_SIGNALLED = 128 };

typedef struct otel__command {
    pid_t pid;
    int output[2]; /* what it writes to its standard output and error, to be read; -1: not caught */
    bool ended;
    int status; /* as a shell tells it: the exit status, 126, 127, or 128 + the signal */
    int error;  /* why it could not be started; 0: it was */
    int64_t began_ns, ended_ns;
} otel__command;

/* false: it could not be started; status and error say why. SIGTERM and SIGHUP are handed on to it from now on, SIGINT
 * and SIGQUIT are its own affair. */
bool otel__command_start(otel__command *command, char *const *argv, char *const *environment, bool caught);
/* Whether it has ended, waiting for that if `wait`. */
bool otel__command_ended(otel__command *command, bool wait);
#endif
