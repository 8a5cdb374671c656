/* A batch on its way to the service: one request after the other, until every record is settled or it has to wait. */
#ifndef OTEL__AZURE_DELIVERY_H
#define OTEL__AZURE_DELIVERY_H
#include "gate.h"
#include "losses.h"
#include "report.h"
#include "route.h"
#include "../settings/settings.h"
#include "window.h"

typedef enum otel__azure_stage {
    OTEL__AZURE_WAITING,  /* for the gate */
    OTEL__AZURE_BUILDING, /* the request's body */
    OTEL__AZURE_SIGNING,  /* waiting for a token, then sending */
    OTEL__AZURE_SENDING,
    OTEL__AZURE_ANSWERED /* the call is; otel__azure_delivery.status */
} otel__azure_stage;

typedef struct otel__azure_delivery {
    const otel__azure_settings *settings;
    otel_http_client *client; /* borrowed, both */
    otel__azure_window window;
    otel__azure_gate gate;
    otel__azure_route route;
    otel__azure_losses losses;
    otel__azure_report report;
    otel_export_call *call; /* NULL: none under way */
    otel__azure_stage stage;
    otel_export_status status;
    int64_t opens_ns;
    otel_str piece;
    bool signed_again; /* after the token was refused: once a batch */
    /* How much goes into one request; less when it was too much, or to find what is bad in it. */
    uint32_t most_items;
    size_t most_bytes;
    int64_t less_until_ns;
    uint32_t splits; /* requests that were refused and split since something was accepted */
    uint32_t alone;  /* answers that put off all of the request since something was accepted */
    int64_t alone_since_ns;
    bool left_single; /* nothing was accepted since a record was left behind that had no other with it */
    bool accepted;    /* something of this batch was */
    bool no_splits;   /* they helped nothing last time */
} otel__azure_delivery;

/* Of zeroed memory. All of these are borrowed. */
void otel__azure_delivery_init(otel__azure_delivery *delivery, const otel__azure_settings *settings,
                               otel_http_client *client, otel__azure_writer *writer);
/* As an exporter's operations. poll: PENDING while there is a call, or none. */
otel_export_status otel__azure_delivery_begin(otel__azure_delivery *delivery, const otel_log_batch *batch,
                                              otel_export_call *call);
otel_export_status otel__azure_delivery_poll(otel__azure_delivery *delivery, int64_t *next_monotonic_ns);
void otel__azure_delivery_cancel(otel__azure_delivery *delivery);
void otel__azure_delivery_after_fork(otel__azure_delivery *delivery);
void otel__azure_delivery_release(otel__azure_delivery *delivery);

/* Takes the answer to the request under way: settles records, closes the gate, chooses the next stage. */
void otel__azure_delivery_answered(otel__azure_delivery *delivery, const otel_http_response *response);
/* The call's answer. */
static inline void otel__azure_delivery_end(otel__azure_delivery *d, otel_export_status status)
{
    d->stage = OTEL__AZURE_ANSWERED;
    d->status = status;
}
#endif
