/* The table of domains: entries are claimed with a compare-and-swap, written once, and stay. */
#include "domain.h"
#include <stdatomic.h>
#include <string.h>

enum { DOMAINS = 64, NAME_MAX_BYTES = 63 };
enum { FREE, CLAIMED, READY };

static struct {
    _Atomic int state;
    char name[NAME_MAX_BYTES + 1];
    otel_logger logger;
} domains[DOMAINS];

otel_logger *otel__glib_domain_logger(const char *domain)
{
    size_t size = strlen(domain);
    if (size > NAME_MAX_BYTES) return NULL;
    for (size_t i = 0; i < DOMAINS; i++) {
        int state = atomic_load_explicit(&domains[i].state, memory_order_acquire);
        if (state == READY && strcmp(domains[i].name, domain) == 0) return &domains[i].logger;
        if (state != FREE || !atomic_compare_exchange_strong(&domains[i].state, &state, CLAIMED)) continue;
        memcpy(domains[i].name, domain, size + 1);
        domains[i].logger = (otel_logger)OTEL_LOGGER_INIT(domains[i].name, NULL);
        atomic_store_explicit(&domains[i].state, READY, memory_order_release);
        return &domains[i].logger;
    }
    return NULL;
}
