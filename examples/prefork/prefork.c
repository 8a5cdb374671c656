/* A server as they were always written for Unix: a master that starts the SDK, opens the port and forks workers, which
 * serve and log each for itself. A worker that dies is replaced; SIGTERM ends all of them when they have answered. */
#include "worker.h"
#include <arpa/inet.h>
#include <otel/otel.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS_MAX = 64, STOP_MS = 5000 };

static otel_logger logger = OTEL_LOGGER_INIT("shop.master", "1.0.0");
static pid_t workers[WORKERS_MAX];

/* Any free port of the loopback; the first line of standard output says which. -1: none. */
static int open_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        return -1;
    printf("listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
    fflush(stdout); /* before the forks: or each child has the line too */
    return listener;
}

/* Nothing is to be done about the SDK: the worker's first record finds that this is another process. */
static void start_worker(pid_t *place, int listener)
{
    pid_t master = getpid();
    *place = fork();
    if (*place < 0) OTEL_LOG_ERROR(&logger, "no worker: fork failed");
    if (*place != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != master) _exit(1);
    worker_run(listener);
    _exit(otel_stop(STOP_MS) != OTEL_OK); /* sends what this worker has logged */
}

static pid_t *place_of(pid_t pid, int count)
{
    for (int i = 0; i < count; i++)
        if (workers[i] == pid) return &workers[i];
    return NULL;
}

static void replace_the_dead(int count, int listener)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        OTEL_LOG_ERROR(&logger, "worker died", OTEL_INT("worker.pid", pid), OTEL_INT("status", status));
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL); /* one that dies at once is no reason to run hot */
        pid_t *place = place_of(pid, count);
        if (place) start_worker(place, listener);
    }
}

static void stop_workers(int count)
{
    for (int i = 0; i < count; i++)
        if (workers[i] > 0) kill(workers[i], SIGTERM);
    while (waitpid(-1, NULL, 0) > 0) continue;
}

int main(int count, char **arguments)
{
    int wanted = count > 1 ? atoi(arguments[1]) : 4, number = 0;
    sigset_t awaited;
    if (wanted < 1 || wanted > WORKERS_MAX) return 2;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGCHLD);
    sigprocmask(SIG_BLOCK, &awaited, NULL); /* taken by sigwait, here; a worker takes them in its own way */
    if (otel_start(&(otel_options){.service_name = "shop", .logs_exporter = "console"}) != OTEL_OK) return 1;
    int listener = open_port();
    if (listener < 0) return 1;

    OTEL_LOG_INFO(&logger, "starting workers", OTEL_INT("workers", wanted));
    for (int i = 0; i < wanted; i++) start_worker(&workers[i], listener);
    while (sigwait(&awaited, &number) == 0 && number == SIGCHLD) replace_the_dead(wanted, listener);
    stop_workers(wanted);
    OTEL_LOG_INFO(&logger, "all workers are gone", OTEL_INT("signal", number));
    return otel_stop(STOP_MS) != OTEL_OK;
}
