/* A batch on its way to the service: the stages of a request. What the answers mean is in outcome.c. */
#include "delivery.h"

#include "../clock.h"

#include <string.h>

enum {
    GZIP_BYTES = 1024,
    SHORT_WAIT_MS = 100, /* not worth an answer to the SDK */
    LATE_MS = 10         /* the SDK comes so much later, so that the gate is open then */
};

static const int64_t MS = 1000000;

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The call's deadline by our clock, which tests move. */
static int64_t deadline_of(const otel__azure_delivery *d)
{
    uint32_t left = otel_deadline_left_ms(d->call->deadline);
    return left == UINT32_MAX ? INT64_MAX : otel__azure_monotonic_ns() + left * MS;
}

/* Not now, nor for as long as whoever it waits for wants; the words stay for the next time that somebody asks. */
static void postpone_for(otel__azure_delivery *d, uint32_t wait_ms, const char *words)
{
    otel__azure_gate_failed(&d->gate, otel__azure_monotonic_ns(), wait_ms);
    otel__azure_report_failed(&d->report, 0, wait_ms * MS, words);
    otel__azure_delivery_end(d, OTEL_EXPORT_RETRY);
}

static void postpone(otel__azure_delivery *d, const char *words)
{
    postpone_for(d, 0, words);
}

/* ---- the call's answer ---- */

static void tell(otel__azure_delivery *d)
{
    d->call->settled = d->window.settled;
    d->call->rejected = d->window.rejected;
    memcpy(d->call->message, d->report.why.text, sizeof d->call->message);
}

static uint32_t wait_ms(const otel__azure_delivery *d)
{
    int64_t ms = (otel__azure_gate_opens(&d->gate) - otel__azure_monotonic_ns()) / MS + LATE_MS;
    return ms < LATE_MS ? LATE_MS : ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

static otel_export_status answer(otel__azure_delivery *d)
{
    tell(d);
    if (d->status == OTEL_EXPORT_RETRY) {
        d->call->retry_after_ms = wait_ms(d);
        d->call->firm = d->gate.service_ns > otel__azure_monotonic_ns();
    } else if (!d->gate.failures) {
        d->call->message[0] = '\0';
    }
    d->call = NULL;
    return d->status;
}

/* ---- stages ---- */

static void build(otel__azure_delivery *d)
{
    switch (otel__azure_window_fill(&d->window, d->most_items, d->most_bytes)) {
    case OTEL__AZURE_NO_MEMORY:
        postpone(d, "out of memory");
        break;
    case OTEL__AZURE_FILLED:
        d->stage = OTEL__AZURE_SIGNING;
        if (!d->window.item_count) otel__azure_delivery_end(d, OTEL_EXPORT_OK);
        break;
    default:
        break;
    }
}

/* false: there is no token yet, or there will be none. */
static bool sign(otel__azure_delivery *d, otel_http_header *header)
{
    char why[128];
    *header = (otel_http_header){"Authorization", NULL};
    if (!d->settings->token) return true;
    otel_azure_token_status status =
        otel__azure_token_get(d->settings->token, d->call->deadline, &header->value, why, sizeof why);
    if (status != OTEL_AZURE_TOKEN_OK && status != OTEL_AZURE_TOKEN_PENDING)
        postpone_for(d, otel__azure_token_wait_ms(d->settings->token), why);
    return status == OTEL_AZURE_TOKEN_OK;
}

static otel_deadline request_deadline(const otel__azure_delivery *d)
{
    otel_deadline own = otel_deadline_in_ms(d->settings->timeout_ms);
    return own.monotonic_ns < d->call->deadline.monotonic_ns ? own : d->call->deadline;
}

static void on_done(void *user, const otel_http_response *response)
{
    otel__azure_delivery *d = user;
    if (d->call) otel__azure_delivery_answered(d, response);
}

static void send_request(otel__azure_delivery *d)
{
    otel_http_header authorization;
    if (!sign(d, &authorization)) return;
    d->piece = (otel_str){d->window.body.data, d->window.body.size};
    otel_http_request request = {
        .url = otel__azure_route_url(&d->route, otel__azure_monotonic_ns()),
        .pieces = &d->piece,
        .piece_count = 1,
        .headers = &authorization,
        .header_count = authorization.value ? 1 : 0,
        .deadline = request_deadline(d),
        .gzip = d->settings->gzip && d->piece.size > GZIP_BYTES,
        .done = on_done,
        .user = d,
    };
    otel_result result = otel_http_client_start(d->client, &request);
    if (result == OTEL_OK)
        d->stage = OTEL__AZURE_SENDING;
    else
        postpone(d, result == OTEL_ERR_NO_MEMORY ? "out of memory" : "nothing can be sent now");
}

/* Right after it was asked for a token, too: it wants to be polled at once. */
static void poll_token(otel__azure_delivery *d, int64_t *next)
{
    int64_t token_next = OTEL_DEADLINE_NEVER;
    if (d->settings->token) otel__azure_token_poll(d->settings->token, &token_next);
    *next = earlier(*next, token_next);
}

/* One step; false: there is nothing to do but wait. */
static bool step(otel__azure_delivery *d, int64_t *next)
{
    const otel__azure_stage before = d->stage;
    int64_t wait_ns = d->opens_ns - otel__azure_monotonic_ns();
    switch (before) {
    case OTEL__AZURE_WAITING:
        if (wait_ns > 0)
            *next = earlier(*next, otel_deadline_in_ms(0).monotonic_ns + wait_ns);
        else
            d->stage = OTEL__AZURE_BUILDING;
        break;
    case OTEL__AZURE_BUILDING:
        build(d);
        if (d->stage == before) *next = 0;
        break;
    case OTEL__AZURE_SIGNING:
        send_request(d);
        if (d->stage == OTEL__AZURE_SENDING) *next = 0; /* the client wants to be polled at once */
        if (d->stage == OTEL__AZURE_SIGNING) poll_token(d, next);
        break;
    default:
        break;
    }
    return d->stage != before;
}

/* The client keeps the deadline of what is sent. */
static void watch_deadline(otel__azure_delivery *d)
{
    if (d->stage == OTEL__AZURE_SENDING || d->stage == OTEL__AZURE_ANSWERED) return;
    if (otel_deadline_left_ms(d->call->deadline)) return;
    if (d->settings->token) otel__azure_token_cancel(d->settings->token);
    if (d->stage != OTEL__AZURE_WAITING) otel__azure_report_failed(&d->report, 0, 0, "the time for it is up");
    otel__azure_delivery_end(d, OTEL_EXPORT_RETRY);
}

static otel_export_status run(otel__azure_delivery *d, int64_t *next)
{
    watch_deadline(d);
    while (step(d, next)) {}
    if (d->stage == OTEL__AZURE_ANSWERED) return answer(d);
    *next = earlier(*next, d->call->deadline.monotonic_ns);
    return OTEL_EXPORT_PENDING;
}

/* ---- operations ---- */

void otel__azure_delivery_init(otel__azure_delivery *d, const otel__azure_settings *settings, otel_http_client *client,
                               otel__azure_writer *writer)
{
    d->settings = d->report.settings = settings;
    d->client = client;
    d->report.client = client;
    d->window.writer = writer;
    d->window.sequence = settings->sequence;
    d->route.endpoint = settings->connection.track_url;
}

/* The same batch comes with attempt > 0; what was learned of its size is forgotten after a while. */
static bool open_batch(otel__azure_delivery *d, const otel_log_batch *batch)
{
    bool again = d->call->attempt > 0 && otel__azure_window_again(&d->window, batch);
    otel__azure_route_begin(&d->route, !again);
    if (otel__azure_monotonic_ns() >= d->less_until_ns) d->most_bytes = d->settings->max_request_bytes;
    if (again) return true;
    d->most_items = d->settings->max_items;
    d->splits = d->alone = 0;
    d->accepted = d->signed_again = false;
    return otel__azure_window_open(&d->window, batch);
}

/* A call that comes before its time means that the program is stopping: the SDK keeps to what it was told otherwise. */
static void enter(otel__azure_delivery *d)
{
    int64_t now = otel__azure_monotonic_ns(), soon = now + SHORT_WAIT_MS * MS, deadline = deadline_of(d);
    d->opens_ns = otel__azure_gate_opens(&d->gate);
    d->stage = OTEL__AZURE_WAITING;
    if (d->opens_ns <= soon) return;
    bool hurry = d->call->attempt > 0;
    if (hurry) d->opens_ns = otel__azure_gate_opens_at_stop(&d->gate, now, deadline);
    if (!hurry || d->opens_ns >= deadline)
        otel__azure_delivery_end(d, OTEL_EXPORT_RETRY);
    else
        otel__azure_gate_hurried(&d->gate, deadline);
}

otel_export_status otel__azure_delivery_begin(otel__azure_delivery *d, const otel_log_batch *batch,
                                              otel_export_call *call)
{
    int64_t next = OTEL_DEADLINE_NEVER;
    d->call = call;
    if (open_batch(d, batch))
        enter(d);
    else
        postpone(d, "out of memory");
    return run(d, &next);
}

otel_export_status otel__azure_delivery_poll(otel__azure_delivery *d, int64_t *next)
{
    otel_http_client_poll(d->client, next);
    poll_token(d, next);
    return d->call ? run(d, next) : OTEL_EXPORT_PENDING;
}

void otel__azure_delivery_cancel(otel__azure_delivery *d)
{
    otel_http_client_cancel(d->client);
    if (d->settings->token) otel__azure_token_cancel(d->settings->token);
    if (d->call) tell(d);
    d->call = NULL;
}

/* What the service asked for holds for the child too; the rest was the parent's. */
void otel__azure_delivery_after_fork(otel__azure_delivery *d)
{
    otel_http_client_after_fork(d->client);
    if (d->settings->token) otel__azure_token_after_fork(d->settings->token);
    otel__azure_losses_forget(&d->losses);
    d->call = NULL;
    d->gate = (otel__azure_gate){.service_ns = d->gate.service_ns};
    d->window.count = d->window.settled = d->window.rejected = 0;
    d->window.next_sequence = 0;
    d->report.refused = 0;
    d->route.elsewhere[0] = d->route.moved[0] = '\0';
}

void otel__azure_delivery_release(otel__azure_delivery *d)
{
    otel__azure_window_release(&d->window);
}
