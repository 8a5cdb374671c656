/* A command as a process of its own. */
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static _Atomic pid_t running;

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void hand_on(int number)
{
    int kept = errno;
    pid_t pid = atomic_load(&running);
    if (pid > 0) kill(pid, number);
    errno = kept;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, present;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &present) == 0 && present.sa_handler != SIG_IGN) sigaction(number, &action, NULL);
}

/* The command finds its signals as if nobody stood between it and its caller. */
static void set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t defaults, none;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE); /* ignored by us alone */
    posix_spawnattr_setsigdefault(attributes, &defaults);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

typedef struct pipes {
    int read[2], write[2];
} pipes;

static bool open_pipes(pipes *p)
{
    for (int i = 0; i < 2; i++) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) return false;
        p->read[i] = ends[0];
        p->write[i] = ends[1];
    }
    return true;
}

static void close_all(const int fds[2])
{
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0) close(fds[i]);
}

static int spawn(pid_t *pid, char *const *argv, char *const *environment, const pipes *p)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    error = posix_spawn_file_actions_init(&actions);
    if (!error) {
        set_attributes(&attributes);
        if (p->write[0] >= 0) posix_spawn_file_actions_adddup2(&actions, p->write[0], STDOUT_FILENO);
        if (p->write[1] >= 0) posix_spawn_file_actions_adddup2(&actions, p->write[1], STDERR_FILENO);
        error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environment);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return error;
}

static bool failed(otel__command *c, int error)
{
    c->ended = true;
    c->ended_ns = now_ns();
    c->error = error;
    c->status = error == ENOENT ? OTEL__COMMAND_NOT_FOUND : OTEL__COMMAND_NOT_STARTED;
    return false;
}

bool otel__command_start(otel__command *c, char *const *argv, char *const *environment, bool caught)
{
    pipes p = {{-1, -1}, {-1, -1}};
    *c = (otel__command){.output = {-1, -1}, .began_ns = now_ns()};
    int error = caught && !open_pipes(&p) ? errno : 0;
    handle(SIGTERM, hand_on);
    handle(SIGHUP, hand_on);
    if (!error) error = spawn(&c->pid, argv, environment, &p);
    close_all(p.write);
    if (error) {
        close_all(p.read);
        return failed(c, error);
    }
    atomic_store(&running, c->pid);
    handle(SIGINT, SIG_IGN);
    handle(SIGQUIT, SIG_IGN);
    memcpy(c->output, p.read, sizeof c->output);
    return true;
}

bool otel__command_ended(otel__command *c, bool wait)
{
    int status;
    pid_t got = 0;
    if (c->ended) return true;
    do got = waitpid(c->pid, &status, wait ? 0 : WNOHANG);
    while (got < 0 && errno == EINTR);
    if (got == 0) return false;
    atomic_store(&running, 0);
    c->ended = true;
    c->ended_ns = now_ns();
    c->status = got < 0               ? OTEL__COMMAND_NOT_STARTED
                : WIFSIGNALED(status) ? OTEL__COMMAND_SIGNALLED + WTERMSIG(status)
                                      : WEXITSTATUS(status);
    return true;
}
