/* Starting and stopping. All state is in atomic words: a fork leaves nothing locked. */
#include "life.h"
#include "next.h"
#include "sdk.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

enum { IDLE = 0, READY = -1, OFF = -2 }; /* above 0: the process that is starting */
enum { LEAVE_MS = 500, START_WAIT_MS = 2000 };

static const struct {
#define OTEL_VARIABLE(name, kind, meaning) otel_variable name;
#include "variables.def"
#undef OTEL_VARIABLE
} variables = {
#define OTEL_VARIABLE(name, kind, meaning) {#name, OTEL_P_VARIABLE_##kind},
#include "variables.def"
#undef OTEL_VARIABLE
};

static _Atomic int32_t state;
static _Atomic int32_t forking; /* threads that are in fork: libraries must not be making their locks then */
static _Atomic int32_t logged;  /* the process that has logged since it last waited; a child inherits its parent's */
static otel__sdk sdk;           /* these are written before READY */
static int32_t starter;
static bool forwards;
static uint32_t stop_ms;
static _Thread_local bool inside __attribute__((tls_model("initial-exec")));

bool otel__life_enter(void)
{
    bool entered = !inside;
    inside = true;
    return entered;
}

void otel__life_leave(void)
{
    inside = false;
}

/* After it no line is taken any more: the network is about to close, so they go to the system's log. */
static void at_exit(void)
{
    int32_t me = (int32_t)getpid();
    bool mine = atomic_exchange(&logged, 0) == me || starter == me;
    atomic_store(&state, OFF);
    if (!mine) return; /* a child that logged nothing has nothing of its own to stop */
    bool entered = otel__life_enter();
    sdk.stop(stop_ms);
    if (entered) otel__life_leave();
}

static uint32_t read_variable(const otel_variable *variable)
{
    uint64_t value = variable->fallback;
    sdk.read(variable, &value);
    return (uint32_t)value;
}

static void say_to_system(const char *format, ...) OTEL_PRINTF(1, 2);
static void say_to_system(const char *format, ...)
{
    va_list arguments;
    otel__next_vsyslog *next = otel__next_of_vsyslog();
    va_start(arguments, format);
    if (next) next(LOG_WARNING, format, arguments);
    va_end(arguments);
}

/* A program that has started an SDK of its own keeps it, and its lines go there. The handler is registered last, so it
 * runs before those of the libraries that exporters use. */
static bool start(const char *name)
{
    char why[256];
    if (!otel__sdk_load(&sdk, why, sizeof why)) {
        say_to_system("libotel-syslog: %s; lines go to this log alone", why);
        return false;
    }
    starter = (int32_t)getpid();
    forwards = read_variable(&variables.OTEL_C_SYSLOG_FORWARD) != 0;
    stop_ms = read_variable(&variables.OTEL_C_SYSLOG_STOP_MS);
    otel_options options = {.service_name = name};
    otel_result result = sdk.start(&options, sizeof options);
    return result == OTEL_ERR_ALREADY || (result == OTEL_OK && atexit(at_exit) == 0);
}
/* At most so long: who waits for ever holds the program up. */
static void wait_while(bool (*busy)(void))
{
    struct timespec nap = {0, 1000000};
    for (int ms = 0; ms < START_WAIT_MS && busy(); ms++) nanosleep(&nap, NULL);
}

static bool is_starting(void)
{
    return atomic_load(&state) > 0;
}

static bool is_forking(void)
{
    return atomic_load(&forking) > 0;
}

/* A child whose parent was in the middle of a start (a fork that has waited too long, or was not ours to see) has
 * libraries whose locks are held for good. */
static bool claim(void)
{
    int32_t me = (int32_t)getpid(), present = IDLE;
    if (atomic_compare_exchange_strong(&state, &present, me)) return true;
    if (present > 0 && present != me) atomic_compare_exchange_strong(&state, &present, OFF);
    return false;
}

/* A start and a fork do not overlap: each says what it wants before it looks at the other. */
bool otel__life_fork_begin(void)
{
    int saved = errno;
    atomic_fetch_add(&forking, 1);
    if (is_starting() && !inside) { /* the one start that there is */
        atomic_fetch_sub(&forking, 1);
        wait_while(is_starting);
        atomic_fetch_add(&forking, 1);
    }
    errno = saved;
    return !is_starting();
}

/* In a child that finds a start announced, it is one that waited for this fork and will never go on. */
void otel__life_fork_end(bool in_child, bool apart)
{
    if (!in_child) {
        atomic_fetch_sub(&forking, 1);
        return;
    }
    atomic_store(&forking, 0);
    if (apart && is_starting()) atomic_store(&state, IDLE);
}

bool otel__life_ready(const char *name)
{
    if (atomic_load(&state) >= 0) {
        if (claim()) {
            wait_while(is_forking);
            atomic_store(&state, start(name) ? READY : OFF);
        } else {
            wait_while(is_starting);
        }
    }
    return atomic_load(&state) == READY && otel_provider_global() != NULL;
}

void otel__life_logged(void)
{
    atomic_store(&logged, (int32_t)getpid());
}

bool otel__life_forwards(void)
{
    return forwards;
}

void otel__life_leaving(void)
{
    int32_t me = (int32_t)getpid();
    int saved = errno;
    if (atomic_load(&state) != READY || !atomic_compare_exchange_strong(&logged, &me, 0)) return;
    if (!otel__life_enter()) return;
    sdk.flush(stop_ms < LEAVE_MS ? stop_ms : LEAVE_MS);
    otel__life_leave();
    errno = saved;
}
