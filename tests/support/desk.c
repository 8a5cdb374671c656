/* The receiver of the examples for tests in C: see desk.h. */
#include "desk.h"

#include "child.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 16, STOP_LIMIT_MS = 60000 };

static void give_up(const char *words)
{
    fprintf(stderr, "collector_desk: %s\n", words);
    exit(1);
}

static void execute(const desk_process *desk, const char *const *more, int out)
{
    char listen[64];
    const char *program = getenv("COLLECTOR_DESK");
    const char *arguments[MOST_ARGUMENTS] = {program, "serve", "--listen", listen, "--db", desk->database};
    snprintf(listen, sizeof listen, "127.0.0.1:%u", desk->port);
    for (int i = 6; more && *more && i + 1 < MOST_ARGUMENTS; i++) arguments[i] = *more++;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    execv(program, (char *const *)(size_t)arguments);
    _exit(127);
}

static void read_port(desk_process *desk, int fd)
{
    char line[256];
    size_t size = 0;
    ssize_t n;
    while (size + 1 < sizeof line && (n = read(fd, line + size, 1)) == 1 && line[size] != '\n') size++;
    line[size] = '\0';
    const char *colon = strrchr(line, ':');
    if (!colon) give_up("did not start");
    desk->port = (unsigned)strtoul(colon + 1, NULL, 10);
    snprintf(desk->url, sizeof desk->url, "http://127.0.0.1:%u", desk->port);
}

/* Both may have the port as long as one of them does not listen; nobody else is given it. */
static void hold_port(desk_process *desk)
{
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    desk->held = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(desk->held, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(desk->held, (struct sockaddr *)&address, size) != 0 ||
        getsockname(desk->held, (struct sockaddr *)&address, &size) != 0)
        give_up("no port");
    desk->port = ntohs(address.sin_port);
}

void desk_start(desk_process *desk, const char *const *more)
{
    int pipes[2];
    if (!getenv("COLLECTOR_DESK")) give_up("COLLECTOR_DESK does not name the program");
    if (!desk->directory[0]) {
        strcpy(desk->directory, "/tmp/desk-XXXXXX");
        if (!mkdtemp(desk->directory)) give_up("no directory");
        snprintf(desk->database, sizeof desk->database, "%s/desk.db", desk->directory);
    }
    if (!desk->port) hold_port(desk);
    if (pipe2(pipes, O_CLOEXEC) != 0) give_up("no pipe");
    desk->pid = fork();
    if (desk->pid < 0) give_up("no process");
    if (desk->pid == 0) execute(desk, more, pipes[1]);
    close(pipes[1]);
    read_port(desk, pipes[0]);
    close(pipes[0]);
}

void desk_stop(desk_process *desk)
{
    int status;
    if (!desk->pid) return;
    kill(desk->pid, SIGTERM);
    child_wait(desk->pid, STOP_LIMIT_MS, &status);
    desk->pid = 0;
}

void desk_remove(desk_process *desk)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    desk_stop(desk);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char path[sizeof desk->database + 16];
        snprintf(path, sizeof path, "%s%s", desk->database, ends[i]);
        unlink(path);
    }
    rmdir(desk->directory);
    if (desk->port) close(desk->held);
    *desk = (desk_process){0};
}

long long desk_number(const desk_process *desk, const char *format, ...)
{
    char sql[1024];
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    long long number = -1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sql, sizeof sql, format, arguments);
    va_end(arguments);
    bool opened = sqlite3_open_v2(desk->database, &database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
    if (opened) sqlite3_busy_timeout(database, 60000);
    if (opened && sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    else
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(database));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}
