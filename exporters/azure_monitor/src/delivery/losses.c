/* Records that will never be rows. */
#include "losses.h"

#include <stdio.h>
#include <string.h>

/* What a service may answer has no end, the table has: the last rows are for any status of a kind and a reason. */
enum { SPARE = OTEL_AZURE_MONITOR_KINDS * OTEL_AZURE_MONITOR_REASONS };

static uint32_t find(const otel__azure_losses *losses, const otel_azure_monitor_loss *loss, uint32_t status)
{
    uint32_t used = atomic_load(&losses->used), i = 0;
    while (i < used && (losses->rows[i].kind != loss->kind || losses->rows[i].reason != loss->reason ||
                        losses->rows[i].status != status))
        i++;
    return i;
}

void otel__azure_losses_add(otel__azure_losses *losses, const otel_azure_monitor_loss *loss)
{
    uint32_t used = atomic_load(&losses->used), status = loss->http_status;
    uint32_t nth = find(losses, loss, status);
    if (nth >= OTEL__AZURE_LOSS_ROWS - SPARE && nth == used) nth = find(losses, loss, status = 0);
    if (nth == used) {
        losses->rows[nth].kind = loss->kind;
        losses->rows[nth].reason = loss->reason;
        losses->rows[nth].status = status;
        atomic_store(&losses->rows[nth].count, 0);
        atomic_store(&losses->used, used + 1);
    }
    atomic_fetch_add(&losses->rows[nth].count, loss->count);
    if (losses->on_loss) losses->on_loss(losses->user, loss);
}

size_t otel__azure_losses_read(const otel__azure_losses *losses, otel_export_loss *out, size_t capacity)
{
    static const char kinds[][16] = {"message", "exception", "event", "availability"};
    static const char reasons[][16] = {"rejected", "too_large", "sampled", "unknown"};
    uint32_t used = atomic_load(&losses->used);
    for (uint32_t i = 0; i < used && i < capacity; i++) {
        out[i] =
            (otel_export_loss){.http_status = losses->rows[i].status, .count = atomic_load(&losses->rows[i].count)};
        memcpy(out[i].kind, kinds[losses->rows[i].kind], sizeof out[i].kind);
        memcpy(out[i].reason, reasons[losses->rows[i].reason], sizeof out[i].reason);
    }
    return used;
}

/* Of a reason and a status; the rows before this one that are alike have been counted with the first of them. */
static uint64_t count_alike(const otel__azure_losses *losses, uint32_t nth, uint32_t used)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < used; i++) {
        bool alike =
            losses->rows[i].reason == losses->rows[nth].reason && losses->rows[i].status == losses->rows[nth].status;
        if (alike && i < nth) return 0;
        if (alike) count += atomic_load(&losses->rows[i].count);
    }
    return count;
}

bool otel__azure_losses_text(const otel__azure_losses *losses, char *out, size_t size)
{
    static const char *const words[] = {"rejected", "too large", "left out by the service's sampling",
                                        "of unknown fate"};
    uint32_t used = atomic_load(&losses->used);
    size_t length = 0;
    bool bad = false;
    *out = '\0';
    for (uint32_t i = 0; i < used && length < size; i++) {
        uint64_t count = count_alike(losses, i, used);
        if (!count) continue;
        bad = bad || losses->rows[i].reason != OTEL_AZURE_MONITOR_SAMPLED;
        length += (size_t)snprintf(out + length, size - length, "%s%llu %s", length ? ", " : "",
                                   (unsigned long long)count, words[losses->rows[i].reason]);
        if (losses->rows[i].status && length < size)
            length += (size_t)snprintf(out + length, size - length, " (HTTP %u)", losses->rows[i].status);
    }
    return bad;
}
