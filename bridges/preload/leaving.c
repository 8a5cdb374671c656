/* Ways to leave a program that run no exit handlers: daemon(3), exec, _exit. What this process has logged is sent
 * first. And forks, which do not overlap with a start. For a process that has logged nothing they are what they were.
 */
#include "life.h"
#include "next.h"
#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;
void _Exit(int status) __attribute__((noreturn));

/* These are called between vfork and exec, where nothing may be looked up any more. */
__attribute__((constructor)) static void look_up_early(void)
{
    otel__next_of_fork();
    otel__next_of_execve();
    otel__next_of_execvpe();
    otel__next_of_fexecve();
    otel__next_of_exit();
}

static int missing(void)
{
    errno = ENOSYS;
    return -1;
}

pid_t fork(void)
{
    otel__next_fork *next = otel__next_of_fork();
    bool apart = otel__life_fork_begin();
    pid_t child = next ? next() : missing();
    otel__life_fork_end(child == 0, apart);
    return child;
}

int daemon(int nochdir, int noclose)
{
    otel__next_daemon *next = otel__next_of_daemon();
    otel__life_leaving();
    bool apart = otel__life_fork_begin();
    int answer = next ? next(nochdir, noclose) : missing();
    otel__life_fork_end(answer == 0, apart);
    return answer;
}

int execve(const char *path, char *const arguments[], char *const environment[])
{
    otel__next_execve *next = otel__next_of_execve();
    otel__life_leaving();
    return next ? next(path, arguments, environment) : missing();
}

int execvpe(const char *file, char *const arguments[], char *const environment[])
{
    otel__next_execve *next = otel__next_of_execvpe();
    otel__life_leaving();
    return next ? next(file, arguments, environment) : missing();
}

int fexecve(int fd, char *const arguments[], char *const environment[])
{
    otel__next_fexecve *next = otel__next_of_fexecve();
    otel__life_leaving();
    return next ? next(fd, arguments, environment) : missing();
}

int execv(const char *path, char *const arguments[])
{
    return execve(path, arguments, environ);
}

int execvp(const char *file, char *const arguments[])
{
    return execvpe(file, arguments, environ);
}

static size_t count(const char *first, va_list list)
{
    size_t n = 0;
    for (const char *argument = first; argument; argument = va_arg(list, const char *)) n++;
    return n;
}

/* The arguments up to their NULL, which is copied too. */
static void collect(char **arguments, size_t n, const char *first, va_list list)
{
    for (size_t i = 0; i <= n; i++) arguments[i] = (char *)(uintptr_t)(i ? va_arg(list, const char *) : first);
}

int execl(const char *path, const char *first, ...)
{
    va_list list;
    va_start(list, first);
    size_t n = count(first, list);
    va_end(list);
    char *arguments[n + 1];
    va_start(list, first);
    collect(arguments, n, first, list);
    va_end(list);
    return execve(path, arguments, environ);
}

int execlp(const char *file, const char *first, ...)
{
    va_list list;
    va_start(list, first);
    size_t n = count(first, list);
    va_end(list);
    char *arguments[n + 1];
    va_start(list, first);
    collect(arguments, n, first, list);
    va_end(list);
    return execvpe(file, arguments, environ);
}

int execle(const char *path, const char *first, ...)
{
    va_list list;
    va_start(list, first);
    size_t n = count(first, list);
    va_end(list);
    char *arguments[n + 1];
    va_start(list, first);
    collect(arguments, n, first, list);
    char **environment = va_arg(list, char **);
    va_end(list);
    return execve(path, arguments, environment);
}

void _exit(int status)
{
    otel__next_exit *next = otel__next_of_exit();
    otel__life_leaving();
    if (next) next(status);
    for (;;) syscall(SYS_exit_group, status);
}

void _Exit(int status)
{
    _exit(status);
}
