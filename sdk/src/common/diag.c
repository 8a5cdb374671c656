/* What the SDK says about itself: level, rate limit, handler. */
#include "diag.h"
#include "platform/platform.h"
#include "variables.h"
#include <errno.h>
#include <fcntl.h>
#include <otel/provider.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1024, SOURCES = 32, BURST = 10 };
static const int64_t WINDOW_NS = 10000000000;

typedef struct source {
    _Atomic uint64_t name; /* a hash: the module that holds the text may be unloaded */
    _Atomic int64_t since;
    _Atomic uint32_t said, left_out;
} source;

typedef struct handler {
    otel_diag_fn say;
    void *user;
} handler;

static source sources[SOURCES];
static handler handlers[2]; /* written in turn, so that a reader never sees half of one */
static _Atomic uint32_t handler_now;
static _Atomic int32_t level = -1;  /* not read yet */
static _Atomic uint32_t errors;
static _Atomic int32_t chosen;      /* by the program; 0: the environment's level counts */
static _Atomic bool stderr_is_ours; /* it was open when we first looked: else the number may be the host's own file */

void otel_diag_set_handler(otel_diag_fn say, void *user)
{
    uint32_t next = atomic_load(&handler_now) + 1;
    handlers[next & 1] = (handler){say, user};
    atomic_store(&handler_now, next);
}

static const char *unreadable; /* a wrong OTEL_LOG_LEVEL, to be said once the level is there */

static int32_t level_from_environment(void)
{
    const char *text = otel_env_text(otel__env.OTEL_LOG_LEVEL.name);
    otel_severity severity = OTEL_SEVERITY_INFO;
    if (!text) return severity;
    if (strcasecmp(text, "none") == 0 || strcasecmp(text, "off") == 0) return OTEL_GATE_CLOSED;
    if (!otel_severity_parse(text, strlen(text), &severity)) unreadable = text;
    return severity;
}

void otel__diag_read_level(void)
{
    atomic_store(&stderr_is_ours, fcntl(STDERR_FILENO, F_GETFD) >= 0);
    unreadable = NULL;
    atomic_store(&level, level_from_environment());
    if (unreadable)
        otel_diag(OTEL_SEVERITY_WARN, "environment", "%s is no severity, info is used: \"%.64s\"",
                  otel__env.OTEL_LOG_LEVEL.name, unreadable);
}

uint32_t otel__diag_errors(void)
{
    return atomic_load(&errors);
}

void otel_diag_set_level(otel_severity lowest)
{
    atomic_store(&chosen, lowest);
}

static bool wanted(otel_severity severity)
{
    int32_t lowest = atomic_load(&chosen);
    if (lowest > 0) return severity >= lowest;
    if (atomic_load(&level) < 0) otel__diag_read_level();
    return severity >= atomic_load(&level);
}

static void to_standard_error(const char *text)
{
    char line[LINE_MAX_BYTES + 2];
    size_t size = strlen(text);
    if (size > LINE_MAX_BYTES) size = LINE_MAX_BYTES;
    memcpy(line, text, size);
    line[size] = '\n';
    if (atomic_load(&stderr_is_ours)) otel__write_quietly(STDERR_FILENO, line, size + 1);
}

static void say(otel_severity severity, const char *text)
{
    handler h = handlers[atomic_load(&handler_now) & 1];
    otel_suppress_begin();
    if (h.say)
        h.say(severity, text, h.user);
    else
        to_standard_error(text);
    otel_suppress_end();
}

static uint64_t hash_of(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *text; text++) h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h ? h : 1;
}

static source *source_of(const char *name)
{
    uint64_t hash = hash_of(name);
    for (int i = 0; i < SOURCES; i++) {
        uint64_t present = atomic_load(&sources[i].name);
        if (!present && atomic_compare_exchange_strong(&sources[i].name, &present, hash)) return &sources[i];
        if (present == hash) return &sources[i];
    }
    return &sources[0];
}

/* How many lines of this source were left out and may be told now; -1: this line is left out too. */
static int64_t admit(source *s)
{
    int64_t now = otel__monotonic_ns(), since = atomic_load(&s->since);
    int64_t left_out = 0;
    if (now - since > WINDOW_NS && atomic_compare_exchange_strong(&s->since, &since, now)) {
        atomic_store(&s->said, 0);
        left_out = atomic_exchange(&s->left_out, 0);
    }
    if (atomic_fetch_add(&s->said, 1) < BURST) return left_out;
    atomic_fetch_add(&s->left_out, 1);
    return -1;
}

static void clean(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) *text = ' ';
}

void otel_diag(otel_severity severity, const char *name, const char *format, ...)
{
    char text[LINE_MAX_BYTES + 1];
    if (severity >= OTEL_SEVERITY_ERROR) atomic_fetch_add(&errors, 1);
    if (!name || !format || !wanted(severity)) return;
    int saved = errno;
    int64_t left_out = admit(source_of(name));
    if (left_out >= 0) {
        int n = snprintf(text, sizeof text, "otel: %s: %.64s: ", otel_severity_name(severity), name);
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text + n, sizeof text - (size_t)n, format, arguments);
        va_end(arguments);
        clean(text);
        say(severity, text);
    }
    if (left_out > 0) {
        snprintf(text, sizeof text, "otel: %s: %.64s: %lld lines were left out", otel_severity_name(severity), name,
                 (long long)left_out);
        say(severity, text);
    }
    errno = saved;
}
