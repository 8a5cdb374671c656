/* Starts an SDK, and loads and unloads a plug-in again and again while threads log: some for the host alone, some by
 * calling the plug-in while it is there. Each record is counted where it has to arrive, and what the plug-in brought
 * along is gone with it.
 * usage: host <plug-in> local|global */
#include "plugin.h"
#include "process.h"
#include <dlfcn.h>
#include <otel/otel.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 10, THREADS = 2 };

static otel_logger logger = OTEL_LOGGER_INIT("host", "1.0.0"), busy = OTEL_LOGGER_INIT("host.busy", "1.0.0");
static _Atomic uint64_t heard_busy, heard_plugin; /* by the host's SDK */
static _Atomic uint64_t logged_busy, worked;
static _Atomic bool enough;
static pthread_rwlock_t door = PTHREAD_RWLOCK_INITIALIZER;
static const plugin *loaded; /* behind the door */

static int complain(const char *what, unsigned long long number)
{
    printf("%s: %llu\n", what, number);
    return 1;
}

/* ---- the host's SDK: a processor that counts, and lets the first of each kind through to the console ---- */

static void count_emit(otel_log_processor *self, otel_log_record *record)
{
    uint64_t before = 0;
    if (strcmp(record->scope->name, "host.busy") == 0) before = atomic_fetch_add(&heard_busy, 1) + 1;
    if (strcmp(record->scope->name, "plugin") == 0) before = atomic_fetch_add(&heard_plugin, 1);
    if (before < 2) otel_log_pass(self, record);
}

static bool start(void)
{
    static const otel_log_processor_ops ops = {.size = sizeof ops, .name = "count", .emit = count_emit};
    otel_log_processor *list[] = {otel_log_processor_new(sizeof(otel_log_processor), &ops)};
    return otel_start(&(otel_options){
               .service_name = "host", .logs_exporter = "console", .log_processors = list, .log_processor_count = 1}) ==
           OTEL_OK;
}

/* ---- threads ---- */

static void pause_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
}

static void *log_for_the_host(void *unused)
{
    (void)unused;
    while (!atomic_load(&enough)) {
        OTEL_LOG_INFO(&busy, "x");
        if (atomic_fetch_add(&logged_busy, 1) % 64 == 0) pause_a_little();
    }
    return NULL;
}

static void *call_the_plugin(void *unused)
{
    (void)unused;
    while (!atomic_load(&enough)) {
        pthread_rwlock_rdlock(&door);
        if (loaded) {
            loaded->work();
            atomic_fetch_add(&worked, 1);
        }
        pthread_rwlock_unlock(&door);
        pause_a_little();
    }
    return NULL;
}

static void set_loaded(const plugin *p)
{
    pthread_rwlock_wrlock(&door);
    loaded = p;
    pthread_rwlock_unlock(&door);
}

static void wait_until_used(void)
{
    uint64_t before = atomic_load(&worked);
    while (atomic_load(&worked) < before + 100) pause_a_little();
}

/* ---- a plug-in's life ---- */

static int use(const plugin *p)
{
    uint64_t worked_before = atomic_load(&worked), heard_before = atomic_load(&heard_plugin);
    int heard_by = p->load(otel_provider_global());
    if (heard_by == PLUGIN_FAILED) return complain("load", 0);
    set_loaded(p);
    wait_until_used();
    set_loaded(NULL);
    uint64_t records = atomic_load(&worked) - worked_before, heard = atomic_load(&heard_plugin) - heard_before;
    if (heard != (heard_by == PLUGIN_HEARD_BY_HOST ? records : 0)) return complain("heard by the host", heard);
    return p->unload() ? complain("unload", records) : 0;
}

static int load_use_unload(const char *path, int scope)
{
    void *handle = dlopen(path, RTLD_NOW | scope);
    if (!handle) return complain(dlerror(), 0);
    const plugin *p = dlsym(handle, "otel_test_plugin");
    if (!p || use(p)) return 1;
    if (dlclose(handle) != 0) return complain(dlerror(), 0);
    return process_has_mapped(path) ? complain("still mapped", 0) : 0;
}

static int all_rounds(const char *path, int scope)
{
    int threads = 0, descriptors = 0;
    for (int i = 0; i < ROUNDS; i++) {
        if (load_use_unload(path, scope)) return complain("round", (unsigned)i);
        if (i == 0) { /* what a library opens once in a process is open now */
            threads = process_threads();
            descriptors = process_descriptors();
        }
    }
    if (process_threads() != threads) return complain("threads", (unsigned)process_threads());
    return process_descriptors() == descriptors ? 0 : complain("descriptors", (unsigned)process_descriptors());
}

int main(int count, char **arguments)
{
    pthread_t threads[2 * THREADS];
    if (count != 3) return 2;
    if (!start()) return 1;
    OTEL_LOG_INFO(&logger, "hello from the host");
    for (int i = 0; i < 2 * THREADS; i++)
        pthread_create(&threads[i], NULL, i < THREADS ? log_for_the_host : call_the_plugin, NULL);
    int code = all_rounds(arguments[1], strcmp(arguments[2], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL);
    atomic_store(&enough, true);
    for (int i = 0; i < 2 * THREADS; i++) pthread_join(threads[i], NULL);
    if (heard_busy != logged_busy) code = complain("records of the host heard", heard_busy);
    printf("the plug-in logged %llu records\n", (unsigned long long)worked);
    OTEL_LOG_INFO(&logger, "goodbye from the host");
    return otel_stop(60000) != OTEL_OK || code;
}
