/* A program that only knows syslog(3), for test_syslog_preload.sh: the first argument says what it does. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

static void with_list(int priority, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsyslog(priority, format, arguments);
    va_end(arguments);
}

static int priorities(void)
{
    static const char *const names[] = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
    openlog("lines", LOG_PID, LOG_DAEMON);
    for (int i = 0; i < 8; i++) syslog(i, "this is %s\n", names[i]);
    with_list(LOG_LOCAL3 | LOG_NOTICE, "a %s", "list");
    closelog();
    return 0;
}

static int errors(void)
{
    static const char *volatile const text = "open: %m";
    errno = ENOENT;
    syslog(LOG_ERR, text);
    int same = errno == ENOENT;
    setlogmask(LOG_UPTO(LOG_ERR));
    syslog(LOG_INFO, "masked");
    same &= errno == ENOENT && setlogmask(0) == LOG_UPTO(LOG_ERR);
    openlog(NULL, LOG_PERROR, 0);
    syslog(LOG_CRIT, "to standard error");
    return !same;
}

/* What daemons do: fork, and close everything that they have. */
static void close_all(void)
{
    for (int fd = 3; fd < 1024; fd++) close(fd);
    for (int i = 0; i < 8; i++)
        if (open("/dev/null", O_RDWR) < 0) _exit(9);
}

static int all_open(void)
{
    for (int fd = 3; fd < 11; fd++)
        if (fcntl(fd, F_GETFD) < 0) return 0;
    return 1;
}

static int by_hand(void)
{
    openlog("byhand", LOG_PID | LOG_NDELAY, LOG_DAEMON);
    syslog(LOG_INFO, "before the fork");
    pid_t child = fork();
    if (child > 0) {
        int status = 1;
        waitpid(child, &status, 0);
        _exit(status != 0);
    }
    setsid();
    close_all();
    syslog(LOG_INFO, "after the fork");
    exit(!all_open());
}

/* The daemon says on descriptor 3 that it has ended. */
static int by_daemon(void)
{
    openlog("bydaemon", LOG_PID, LOG_DAEMON);
    syslog(LOG_INFO, "before daemon");
    if (daemon(0, 0)) return 1;
    syslog(LOG_INFO, "in the daemon");
    return 0;
}

static int children(void)
{
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            syslog(LOG_INFO, "child %d goes", i);
            if (i == 0) execl("/bin/true", "true", (char *)NULL);
            if (i == 1) execlp("env", "env", "true", (char *)NULL);
            _exit(0);
        }
    }
    int status, bad = 0;
    while (wait(&status) > 0) bad |= status;
    return bad != 0;
}

/* Arguments and environment come through. */
static int exec_list(void)
{
    syslog(LOG_INFO, "becomes sh");
    char *environment[] = {(char[]){"WORD=four"}, NULL};
    return execle("/bin/sh", "sh", "-c", "echo $1 $2 $3 $WORD", "zero", "one", "two", "three", (char *)NULL,
                  environment);
}

static void *log_much(void *unused)
{
    (void)unused;
    for (int i = 0; i < 250; i++) {
        if (i % 10 == 0) openlog(i % 20 ? "odd" : "even", LOG_PID, LOG_USER);
        syslog(LOG_INFO, "thread line %d", i);
    }
    return NULL;
}

static int threads(void)
{
    pthread_t list[4];
    for (int i = 0; i < 4; i++)
        if (pthread_create(&list[i], NULL, log_much, NULL)) return 1;
    for (int i = 0; i < 4; i++) pthread_join(list[i], NULL);
    return 0;
}

/* Forks while others log. The first line comes before that: a fork in the midst of the SDK's start can meet locks that
 * OpenSSL holds while it makes itself ready, and README says so. */
static int storm(void)
{
    pthread_t list[2];
    int bad = 0, status;
    syslog(LOG_INFO, "before the storm");
    for (int i = 0; i < 2; i++)
        if (pthread_create(&list[i], NULL, log_much, NULL)) return 1;
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        if (child < 0) return 1;
        if (child == 0) {
            syslog(LOG_INFO, "child line %d", i);
            i % 2 ? exit(0) : _exit(0);
        }
    }
    while (wait(&status) > 0) {
        if (status) fprintf(stderr, "a child ended with %#x\n", (unsigned)status);
        bad |= status;
    }
    for (int i = 0; i < 2; i++) pthread_join(list[i], NULL);
    return bad != 0;
}

static void say_late(void)
{
    syslog(LOG_INFO, "very late");
}

static int late(void)
{
    atexit(say_late);
    syslog(LOG_INFO, "in time");
    return 0;
}

/* A child that logs nothing until it exits. */
static int late_child(void)
{
    int status = 1;
    atexit(say_late);
    syslog(LOG_INFO, "in time");
    pid_t child = fork();
    if (child == 0) exit(0);
    waitpid(child, &status, 0);
    _exit(status != 0);
}

static int count_threads(void)
{
    char line[128];
    int threads = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "Threads: %d", &threads) == 1) break;
    if (file) fclose(file);
    return threads;
}

static int has_sdk(void)
{
    char line[512];
    int found = 0;
    FILE *file = fopen("/proc/self/maps", "r");
    while (file && fgets(line, sizeof line, file)) found |= strstr(line, "libotel-sdk") || strstr(line, "libcurl");
    if (file) fclose(file);
    return found;
}

static int quiet(void)
{
    printf("%d threads\n", count_threads());
    openlog("quiet", LOG_PID, LOG_DAEMON);
    printf("%d threads with openlog, SDK: %d\n", count_threads(), has_sdk());
    fflush(stdout);
    pid_t child = vfork(); /* what happens there is seen here */
    if (child == 0) {
        execl("/no/such/program", "x", (char *)NULL);
        _exit(errno == ENOENT ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    return status != 0;
}

static int once(void)
{
    syslog(LOG_ERR, "once");
    return 0;
}

static int immediately(void)
{
    openlog("now", LOG_NDELAY, LOG_DAEMON);
    printf("%d threads, SDK: %d\n", count_threads(), has_sdk());
    return 0;
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } modes[] = {{"priorities", priorities}, {"errors", errors},     {"by_hand", by_hand},
                 {"by_daemon", by_daemon},   {"children", children}, {"exec", exec_list},
                 {"threads", threads},       {"storm", storm},       {"late", late},
                 {"late_child", late_child}, {"quiet", quiet},       {"once", once},
                 {"now", immediately}};
    for (size_t i = 0; count > 1 && i < sizeof modes / sizeof *modes; i++)
        if (strcmp(arguments[1], modes[i].name) == 0) return modes[i].run();
    fprintf(stderr, "usage: %s mode\n", arguments[0]);
    return 2;
}
