/* The settings lie in a ring of slots. A writer fills the next one and then says that it is current; a reader copies
 * the current one, and again if writers have come round to it meanwhile. So nobody waits, and a thread that a fork left
 * behind in the middle of openlog has spoilt nothing. (Eight calls of openlog at the same moment could mix idents; a
 * program that makes them has no ident to rely on.) */
#include "syslog_settings.h"
#include "text.h"
#include <stdatomic.h>
#include <string.h>
#include <syslog.h>

enum { SLOTS = 8, WORDS = sizeof(otel__syslog_settings) / 8 };
_Static_assert(sizeof(otel__syslog_settings) % 8 == 0, "copied in words");

static _Atomic uint64_t slots[SLOTS][WORDS];
static _Atomic uint32_t begun, current; /* writes */
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

static void publish(uint32_t write)
{
    uint32_t present = atomic_load(&current);
    while ((int32_t)(write - present) > 0 && !atomic_compare_exchange_weak(&current, &present, write)) continue;
}

static void put(const otel__syslog_settings *settings)
{
    uint64_t words[WORDS];
    memcpy(words, settings, sizeof words);
    uint32_t write = atomic_fetch_add(&begun, 1) + 1;
    for (size_t i = 0; i < WORDS; i++) atomic_store_explicit(&slots[write % SLOTS][i], words[i], memory_order_release);
    publish(write);
}

void otel__syslog_settings_open(const char *ident, int option, int facility)
{
    otel__syslog_settings settings = otel__syslog_settings_now();
    if (ident) {
        size_t size = otel__text_cut(ident, strlen(ident), OTEL__IDENT_MAX);
        memset(settings.ident, 0, sizeof settings.ident);
        memcpy(settings.ident, ident, size);
    }
    settings.option = option;
    if (facility && !(facility & ~LOG_FACMASK)) settings.facility = facility;
    put(&settings);
}

void otel__syslog_settings_close(void)
{
    otel__syslog_settings settings = otel__syslog_settings_now();
    memset(settings.ident, 0, sizeof settings.ident);
    put(&settings);
}

int otel__syslog_mask_set(int wanted)
{
    return wanted ? atomic_exchange(&mask, wanted) : atomic_load(&mask);
}

bool otel__syslog_mask_lets(int priority)
{
    return (LOG_MASK(LOG_PRI(priority)) & atomic_load(&mask)) != 0;
}
