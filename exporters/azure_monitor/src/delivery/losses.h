/* Records that will never be rows: counted by kind, reason and status, and told of. */
#ifndef OTEL__AZURE_LOSSES_H
#define OTEL__AZURE_LOSSES_H
#include <otel/exporters/azure_monitor.h>
#include <stdatomic.h>

enum { OTEL__AZURE_LOSS_ROWS = 64 };

/* A row is written once, before `used` counts it; its count goes up. So any thread may read. */
typedef struct otel__azure_losses {
    struct {
        otel_azure_monitor_kind kind;
        otel_azure_monitor_reason reason;
        uint32_t status;
        _Atomic uint64_t count;
    } rows[OTEL__AZURE_LOSS_ROWS];
    _Atomic uint32_t used;
    void (*on_loss)(void *user, const otel_azure_monitor_loss *loss); /* NULL: nobody wants to know */
    void *user;
} otel__azure_losses;

/* The thread that exports. The message is clean and without secrets. */
void otel__azure_losses_add(otel__azure_losses *losses, const otel_azure_monitor_loss *loss);
/* Any thread. Returns how many rows there are. */
size_t otel__azure_losses_read(const otel__azure_losses *losses, otel_export_loss *out, size_t capacity);
/* "3 rejected (HTTP 400), 1 too large (HTTP 413)"; "" when nothing was lost. Whether that is bad: sampling is not. */
bool otel__azure_losses_text(const otel__azure_losses *losses, char *out, size_t size);
static inline void otel__azure_losses_forget(otel__azure_losses *losses)
{
    atomic_store(&losses->used, 0);
}
#endif
