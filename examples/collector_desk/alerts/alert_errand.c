/* A process an errand, with the message on its standard input. What it says goes to the desk's standard error. */
#include "alert_errand.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../server/holding.h"

enum { MOST_WAITING = 16 };

struct desk_errand {
    desk_errand *next;
    const desk_alert_rule *rule;
    desk_errand_kind kind;
    int input; /* the message */
    char **environment;
    char *variables; /* those of its strings that are ours */
    pid_t pid;       /* 0: not yet started */
    uint64_t until_ms;
    bool overdue;
};

static bool same_queue(const desk_errand *a, const desk_errand *b)
{
    return a->rule == b->rule && a->kind == b->kind;
}

static void release(desk_errand *errand)
{
    if (errand->input >= 0) close(errand->input);
    free(errand->environment);
    free(errand->variables);
    free(errand);
}

/* Ours stand before those that are the desk's own. */
static bool make_environment(desk_errand *errand, const char *const *variables)
{
    size_t ours = 0, theirs = 0, bytes = 1;
    for (; variables[ours]; ours++) bytes += strlen(variables[ours]) + 1;
    while (environ[theirs]) theirs++;
    char **list = errand->environment = calloc(ours + theirs + 1, sizeof *list);
    char *at = errand->variables = malloc(bytes);
    if (!list || !at) return false;
    for (size_t i = 0; i < ours; i++) {
        list[i] = at;
        at = stpcpy(at, variables[i]) + 1;
    }
    memcpy(list + ours, environ, theirs * sizeof *list);
    return true;
}

static int make_input(desk_text json)
{
    int file = memfd_create("alert", MFD_CLOEXEC);
    bool whole = file >= 0 && write(file, json.at, json.size) == (ssize_t)json.size && lseek(file, 0, SEEK_SET) == 0;
    if (whole || file < 0) return file;
    close(file);
    return -1;
}

static desk_errand **end_of(desk_errands *errands, const desk_errand *errand, unsigned *waiting)
{
    desk_errand **at = &errands->first;
    for (*waiting = 0; *at; at = &(*at)->next) *waiting += same_queue(*at, errand);
    return at;
}

bool desk_errands_add(desk_errands *errands, const desk_alert_rule *rule, desk_errand_kind kind, desk_text json,
                      const char *const *variables)
{
    unsigned waiting;
    desk_errand *errand = malloc(sizeof *errand);
    if (!errand) return false;
    *errand = (desk_errand){.rule = rule, .kind = kind, .input = -1};
    desk_errand **end = end_of(errands, errand, &waiting);
    if (waiting < MOST_WAITING && make_environment(errand, variables)) errand->input = make_input(json);
    if (errand->input < 0) {
        release(errand);
        return false;
    }
    *end = errand;
    return true;
}

/* As a program expects to be started: no signal blocked or ignored, and a group of its own, which can be ended whole.
 */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    sigaddset(&usual, SIGXFSZ);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    int error = posix_spawnattr_setflags(attributes, flags);
    if (!error) error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &usual);
    return error ? error : posix_spawnattr_setpgroup(attributes, 0);
}

static int spawn(desk_errand *errand, const char *path, char *const arguments[])
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&files);
    int error = set_attributes(&attributes);
    if (!error) error = posix_spawn_file_actions_adddup2(&files, errand->input, STDIN_FILENO);
    if (!error) error = posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    if (!error) error = posix_spawn(&errand->pid, path, &files, &attributes, arguments, errand->environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* The webhook's URL may be a secret: it stands in the environment of the process and not among its arguments. */
static int start(desk_errand *errand, uint64_t now_ms)
{
    char *const post[] = {"collector_desk", "post", NULL}, *const run[] = {"sh", "-c", errand->rule->command, NULL};
    bool is_webhook = errand->kind == DESK_WEBHOOK;
    int error = spawn(errand, is_webhook ? "/proc/self/exe" : "/bin/sh", is_webhook ? post : run);
    errand->until_ms = now_ms + errand->rule->notify_timeout_ms;
    if (!error) return 0;
    errand->pid = 0;
    return error;
}

static const char *name_of(const desk_errand *errand)
{
    return errand->kind == DESK_WEBHOOK ? "webhook" : "command";
}

static void describe(const desk_errand *errand, int status, char words[DESK_ALERT_WORDS])
{
    const char *name = name_of(errand);
    if (errand->overdue)
        snprintf(words, DESK_ALERT_WORDS, "%s: not done in time", name);
    else if (WIFSIGNALED(status))
        snprintf(words, DESK_ALERT_WORDS, "%s: ended by signal %d", name, WTERMSIG(status));
    else if (status == 0)
        words[0] = '\0';
    else if (errand->kind == DESK_WEBHOOK)
        snprintf(words, DESK_ALERT_WORDS, "webhook: not reached, or it refused");
    else
        snprintf(words, DESK_ALERT_WORDS, "command: exit status %d", WEXITSTATUS(status));
}

/* True: the errand is over; its words say how. */
static bool is_over(desk_errand *errand, uint64_t now_ms, char words[DESK_ALERT_WORDS])
{
    int status = 0;
    pid_t ended = waitpid(errand->pid, &status, WNOHANG);
    if (ended == errand->pid || (ended < 0 && errno == ECHILD)) {
        describe(errand, status, words);
        return true;
    }
    if (now_ms < errand->until_ms || errand->overdue) return false;
    errand->overdue = true;
    kill(-errand->pid, SIGKILL);
    return false;
}

static bool must_wait(const desk_errands *errands, const desk_errand *errand)
{
    const desk_errand *other = errands->first;
    while (other != errand && !same_queue(other, errand)) other = other->next;
    return other != errand;
}

static bool step(desk_errands *errands, desk_errand *errand, uint64_t now_ms, char words[DESK_ALERT_WORDS])
{
    if (errand->pid) return is_over(errand, now_ms, words);
    if (must_wait(errands, errand)) return false;
    int error = start(errand, now_ms);
    if (error) snprintf(words, DESK_ALERT_WORDS, "%s: cannot be started: %s", name_of(errand), strerror(error));
    return error != 0;
}

void desk_errands_look(desk_errands *errands, uint64_t now_ms)
{
    char words[DESK_ALERT_WORDS];
    for (desk_errand **at = &errands->first; *at;) {
        desk_errand *errand = *at;
        if (!step(errands, errand, now_ms, words)) {
            at = &errand->next;
            continue;
        }
        *at = errand->next;
        errands->done(errands->context, errand->rule, words);
        release(errand);
    }
}

int desk_errands_timeout_ms(const desk_errands *errands, uint64_t now_ms)
{
    uint64_t next = UINT64_MAX;
    for (const desk_errand *errand = errands->first; errand; errand = errand->next) {
        uint64_t then = errand->pid ? errand->until_ms : must_wait(errands, errand) ? UINT64_MAX : now_ms;
        if (!errand->overdue && then < next) next = then;
    }
    if (next == UINT64_MAX) return -1;
    return next <= now_ms ? 0 : next - now_ms > 60000 ? 60000 : (int)(next - now_ms);
}

static void give_up(desk_errands *errands)
{
    while (errands->first) {
        desk_errand *errand = errands->first;
        errands->first = errand->next;
        if (errand->pid) {
            kill(-errand->pid, SIGKILL);
            waitpid(errand->pid, NULL, 0);
        }
        release(errand);
    }
}

void desk_errands_end(desk_errands *errands, int wait_ms)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    for (uint64_t now = desk_now_ms(), end = now + (uint64_t)wait_ms; now < end; now = desk_now_ms()) {
        desk_errands_look(errands, now);
        if (!errands->first) return;
        sigtimedwait(&child, NULL, &(struct timespec){.tv_nsec = 50000000});
    }
    give_up(errands);
}
