/* The settings lie in a ring of slots. A writer fills the next one and then says that it is current; a reader copies
 * the current one, and again if writers have come round to it meanwhile: it never waits. Writers take turns, which is
 * openlog's business alone. A thread that a fork left behind in the middle of openlog has spoilt nothing. */
#include "syslog_settings.h"
#include "bridge_text.h"
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

enum { SLOTS = 8, PATIENCE = 10000, WORDS = sizeof(otel__syslog_settings) / 8 };
_Static_assert(sizeof(otel__syslog_settings) % 8 == 0, "copied in words");

static _Atomic uint64_t slots[SLOTS][WORDS];
static _Atomic uint32_t begun, current; /* writes */
static _Atomic int32_t writer;
static _Atomic int mask = 0xff;

/* A reader that sees a word of a later write sees that it was begun. */
otel__syslog_settings otel__syslog_settings_now(void)
{
    otel__syslog_settings settings;
    uint64_t words[WORDS];
    for (int look = 0; look < SLOTS; look++) {
        uint32_t write = atomic_load_explicit(&current, memory_order_acquire);
        for (size_t i = 0; i < WORDS; i++)
            words[i] = atomic_load_explicit(&slots[write % SLOTS][i], memory_order_acquire);
        if (atomic_load_explicit(&begun, memory_order_relaxed) - write >= SLOTS) continue;
        memcpy(&settings, words, sizeof settings);
        return settings;
    }
    return (otel__syslog_settings){.ident = ""};
}

/* The lock names the process: in the child of a fork it is nobody's. False: a signal handler has interrupted openlog,
 * or a thread was stopped in it. */
static bool begin_write(void)
{
    int32_t me = (int32_t)getpid();
    for (int look = 0; look < PATIENCE; look++) {
        int32_t present = atomic_load(&writer);
        if (present != me && atomic_compare_exchange_strong(&writer, &present, me)) return true;
        sched_yield();
    }
    return false;
}

static void end_write(const otel__syslog_settings *settings)
{
    uint64_t words[WORDS];
    memcpy(words, settings, sizeof words);
    uint32_t write = atomic_load(&current) + 1;
    atomic_store(&begun, write);
    for (size_t i = 0; i < WORDS; i++) atomic_store_explicit(&slots[write % SLOTS][i], words[i], memory_order_release);
    atomic_store(&current, write);
    atomic_store(&writer, 0);
}

void otel__syslog_settings_open(const char *ident, int option, int facility)
{
    if (!begin_write()) return;
    otel__syslog_settings settings = otel__syslog_settings_now();
    if (ident) {
        size_t size = otel__text_cut(ident, strlen(ident), OTEL__IDENT_MAX);
        memset(settings.ident, 0, sizeof settings.ident);
        memcpy(settings.ident, ident, size);
    }
    settings.option = option;
    if (facility && !(facility & ~LOG_FACMASK)) settings.facility = facility;
    end_write(&settings);
}

void otel__syslog_settings_close(void)
{
    if (!begin_write()) return;
    otel__syslog_settings settings = otel__syslog_settings_now();
    memset(settings.ident, 0, sizeof settings.ident);
    end_write(&settings);
}

int otel__syslog_mask_set(int wanted)
{
    return wanted ? atomic_exchange(&mask, wanted) : atomic_load(&mask);
}

bool otel__syslog_mask_lets(int priority)
{
    return (LOG_MASK(LOG_PRI(priority)) & atomic_load(&mask)) != 0;
}
