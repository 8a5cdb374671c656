/* Servers that are scripts: see script_server.h. */
#include "script_server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 8, MOST_OUTPUT = 1 << 20 };

static void run(const char *script, const char *const *arguments, int output)
{
    char path[512];
    const char *root = getenv("SOURCE_DIR");
    char *list[MOST_ARGUMENTS + 4] = {(char *)(size_t) "python3", path};
    snprintf(path, sizeof path, "%s/tests/support/%s", root ? root : ".", script);
    for (size_t i = 0; i < MOST_ARGUMENTS && arguments && arguments[i]; i++) list[i + 2] = (char *)(size_t)arguments[i];
    dup2(output, STDOUT_FILENO);
    execvp(list[0], list);
    _exit(127);
}

static unsigned read_port(int fd)
{
    unsigned port = 0;
    char c;
    while (read(fd, &c, 1) == 1 && c >= '0' && c <= '9') port = port * 10 + (unsigned)(c - '0');
    return port;
}

script_server script_server_start(const char *script, const char *const *arguments)
{
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC) != 0) abort();
    pid_t parent = getpid();
    script_server server = {.pid = fork(), .output = pipes[0]};
    if (server.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent) run(script, arguments, pipes[1]);
        _exit(127);
    }
    close(pipes[1]);
    server.port = read_port(server.output);
    if (!server.port) {
        fprintf(stderr, "%s did not start\n", script);
        exit(1);
    }
    return server;
}

char *script_server_stop(script_server *server)
{
    char *text = calloc(1, MOST_OUTPUT);
    size_t size = 0;
    ssize_t n;
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    while (text && (n = read(server->output, text + size, MOST_OUTPUT - 1 - size)) > 0) size += (size_t)n;
    close(server->output);
    return text;
}
