/* What an answer does to a batch on its way: records are settled, the gate closes, the next stage is chosen. */
#include "../clock.h"
#include "delivery.h"
#include "status.h"
#include "track_response.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST_SPLITS = 32,        /* requests in a row that may be refused and split */
    MOST_ALONE = 6,          /* answers in a row that put off what is left, when the rest of the batch passed */
    MOST_ALONE_S = 60,       /* and so long */
    LEAST_BYTES = 64 * 1024, /* the service takes items as large as that */
    LESS_S = 10 * 60         /* how long it is remembered that less is wanted at a time */
};

static const int64_t SECOND = 1000000000;

/* The gate was closed: the call is answered, with words. NULL: the answer's. */
static void wait_for_gate(otel__azure_delivery *d, const otel_http_response *response, const char *words)
{
    int64_t wait_ns = d->gate.service_ns - otel__azure_monotonic_ns();
    otel__azure_report_failed(&d->report, response->status, wait_ns, words);
    otel__azure_delivery_end(d, OTEL_EXPORT_RETRY);
}

static void postpone(otel__azure_delivery *d, const otel_http_response *response, const char *words)
{
    otel__azure_gate_failed(&d->gate, otel__azure_monotonic_ns(), response->retry_after_ms);
    wait_for_gate(d, response, words);
}

static void close_for_quota(otel__azure_delivery *d, const otel_http_response *response, const char *words)
{
    if (response->retry_after_past) {
        postpone(d, response, words);
        return;
    }
    otel__azure_gate_quota(&d->gate, otel__azure_monotonic_ns(), otel__azure_unix_s(), response->retry_after_ms);
    wait_for_gate(d, response, words);
}

/* Something was accepted: what went wrong before is over. */
static void pass(otel__azure_delivery *d)
{
    otel__azure_gate_passed(&d->gate);
    otel__azure_route_passed(&d->route);
    d->accepted = true;
    d->no_splits = d->left_single = false;
    d->splits = d->alone = 0;
    uint32_t most = d->settings->max_items;
    d->most_items = d->most_items > most / 2 ? most : 2 * d->most_items;
}

static void go_on(otel__azure_delivery *d)
{
    otel__azure_window_next(&d->window);
    d->stage = OTEL__AZURE_BUILDING;
}

/* ---- what is lost ---- */

static void lose(otel__azure_delivery *d, otel_azure_monitor_kind kind, otel_azure_monitor_reason reason,
                 uint32_t status, uint64_t count)
{
    const otel_azure_monitor_loss loss = {.size = sizeof loss,
                                          .kind = kind,
                                          .reason = reason,
                                          .http_status = status,
                                          .count = count,
                                          .message = d->report.service.text};
    if (count) otel__azure_losses_add(&d->losses, &loss);
}

/* All of the request. */
static void lose_all(otel__azure_delivery *d, otel_azure_monitor_reason reason, uint32_t status, bool rejected)
{
    uint64_t counts[OTEL_AZURE_MONITOR_KINDS] = {0};
    for (uint32_t i = 0; i < d->window.item_count; i++) {
        counts[d->window.items[i].kind]++;
        otel__azure_window_settle(&d->window, i, rejected);
    }
    for (otel_azure_monitor_kind kind = 0; kind < OTEL_AZURE_MONITOR_KINDS; kind++)
        lose(d, kind, reason, status, counts[kind]);
}

static void reject(otel__azure_delivery *d, otel_azure_monitor_reason reason, uint32_t status)
{
    otel__azure_report_refused(&d->report, d->window.item_count, status);
    lose_all(d, reason, status, true);
    go_on(d);
}

/* ---- taken ---- */

/* As the service writes it when all is well; anything else is looked into. */
static bool is_usual(otel_str body)
{
    static const char begin[] = "{\"itemsReceived\":";
    return body.size > sizeof begin && memcmp(body.data, begin, sizeof begin - 1) == 0 &&
           body.data[body.size - 1] == '}';
}

static bool is_the_services(const otel_http_response *response, uint32_t items)
{
    otel__azure_track_response body;
    if (is_usual(response->body)) return true;
    if (!otel__azure_track_response_open(&body, response->body, items)) return false;
    otel__azure_track_response_close(&body);
    return true;
}

static void done(otel__azure_delivery *d, const otel_http_response *response)
{
    for (uint32_t i = 0; i < d->window.item_count; i++) otel__azure_window_settle(&d->window, i, false);
    if (response->status == 200 && response->fault == OTEL_HTTP_FAULT_NONE &&
        !is_the_services(response, d->window.item_count))
        otel__azure_report_unreadable(&d->report);
    otel__azure_report_accepted(&d->report);
    pass(d);
    go_on(d);
}

/* ---- item by item ---- */

typedef struct tally {
    uint32_t again, quota, refused, unclear, again_status, status;
    otel__azure_words again_words, refused_words; /* of the first of each */
} tally;

/* The record need not be sent again. */
static void settle_item(otel__azure_delivery *d, const otel__azure_item_error *error, otel__azure_action action)
{
    otel_azure_monitor_reason reason = action == OTEL__AZURE_SAMPLED   ? OTEL_AZURE_MONITOR_SAMPLED
                                       : action == OTEL__AZURE_UNCLEAR ? OTEL_AZURE_MONITOR_UNKNOWN
                                                                       : OTEL_AZURE_MONITOR_REJECTED;
    otel__azure_window_settle(&d->window, error->index, reason == OTEL_AZURE_MONITOR_REJECTED);
    lose(d, d->window.items[error->index].kind, reason, error->status, 1);
}

/* The report holds the entry's words. */
static void take_item(otel__azure_delivery *d, const otel__azure_item_error *error, tally *t)
{
    const otel__azure_action action = otel__azure_item_action(error->status, error->message);
    switch (action) {
    case OTEL__AZURE_DONE:
        break;
    case OTEL__AZURE_QUOTA:
    case OTEL__AZURE_LATER:
        d->window.items[error->index].again = true;
        t->quota += action == OTEL__AZURE_QUOTA;
        if (!t->again++) {
            t->again_words = d->report.service;
            t->again_status = error->status;
        }
        break;
    default:
        if (action == OTEL__AZURE_UNCLEAR) t->unclear++;
        if (action == OTEL__AZURE_REJECT && !t->refused++) {
            t->refused_words = d->report.service;
            t->status = error->status;
        }
        settle_item(d, error, action);
    }
}

/* The first word about an item counts. */
static tally take_items(otel__azure_delivery *d, otel__azure_track_response *body, const char *url)
{
    tally t = {0};
    otel__azure_item_error error;
    while (otel__azure_track_response_next(body, &error)) {
        otel__azure_sent *item = &d->window.items[error.index];
        if (item->named) continue;
        item->named = true;
        otel__azure_report_words(&d->report, url, error.message);
        take_item(d, &error, &t);
    }
    return t;
}

static void say_tally(otel__azure_delivery *d, const tally *t)
{
    d->report.service = t->refused_words;
    if (t->refused) otel__azure_report_refused(&d->report, t->refused, t->status);
    if (t->unclear) otel__azure_report_unclear(&d->report, t->unclear);
    d->report.service = t->again_words;
    if (!t->refused && !t->unclear && !t->again) otel__azure_report_accepted(&d->report);
}

/* What is to be sent again waits, and everything behind it. */
static void wait_for_items(otel__azure_delivery *d, const otel_http_response *response, const tally *t)
{
    char words[256];
    const char *said = d->report.service.text;
    snprintf(words, sizeof words, "%u of %u records have to wait%s%s", t->again, d->window.item_count,
             *said ? ": " : "", said);
    if (t->quota)
        close_for_quota(d, response, words);
    else
        postpone(d, response, words);
}

/* What comes back again and again although the rest of its batch was accepted would hold up everything behind it. Of
 * one that is a batch of its own nobody knows: it is left behind too, but not a second one in a row. */
static bool never_passes(otel__azure_delivery *d, const tally *t)
{
    const int64_t now = otel__azure_monotonic_ns();
    const bool single = d->window.item_count == 1 && !d->left_single;
    if (t->quota || t->again < d->window.item_count || !(d->accepted || single)) return false;
    if (!d->alone++) d->alone_since_ns = now;
    bool enough = d->alone > MOST_ALONE && now - d->alone_since_ns >= MOST_ALONE_S * SECOND;
    if (enough) {
        d->alone = 0;
        d->left_single = !d->accepted;
    }
    return enough;
}

static void partial(otel__azure_delivery *d, const otel_http_response *response, const char *url)
{
    otel__azure_track_response body;
    const uint32_t count = d->window.item_count;
    if (!otel__azure_track_response_open(&body, response->body, count)) {
        otel__azure_report_unclear(&d->report, count);
        lose_all(d, OTEL_AZURE_MONITOR_UNKNOWN, response->status, false);
        pass(d);
        go_on(d);
        return;
    }
    tally t = take_items(d, &body, url);
    otel__azure_track_response_close(&body);
    for (uint32_t i = 0; i < count; i++)
        if (!d->window.items[i].again) otel__azure_window_settle(&d->window, i, false);
    say_tally(d, &t);
    if (t.again < count) pass(d);
    if (never_passes(d, &t))
        reject(d, OTEL_AZURE_MONITOR_REJECTED, t.again_status);
    else if (t.again)
        wait_for_items(d, response, &t);
    else
        go_on(d);
}

/* ---- less at a time ---- */

/* The window in halves, until what is bad stands alone. false: it does, or there was enough of that: then the rest goes
 * as a whole, and so does the next batch unless something of this one was accepted. */
static bool split(otel__azure_delivery *d)
{
    const bool enough = d->no_splits || d->splits >= MOST_SPLITS;
    if (!enough) d->splits++;
    if (d->splits >= MOST_SPLITS) {
        d->no_splits = !d->accepted;
        d->most_items = d->settings->max_items;
    }
    if (enough || d->window.item_count < 2) return false;
    if (d->splits < MOST_SPLITS) d->most_items = (d->window.item_count + 1) / 2;
    otel__azure_window_rewind(&d->window);
    d->stage = OTEL__AZURE_BUILDING;
    return true;
}

static void too_large(otel__azure_delivery *d)
{
    size_t half = d->window.body.size / 2 + 1, most = half > LEAST_BYTES ? half : LEAST_BYTES;
    if (most < d->most_bytes) d->most_bytes = most;
    d->less_until_ns = otel__azure_monotonic_ns() + LESS_S * SECOND;
    if (!split(d)) reject(d, OTEL_AZURE_MONITOR_TOO_LARGE, 413);
}

/* The answer may name the bad ones: the others are sent again without them. */
static bool leave_out_named(otel__azure_delivery *d, const otel_http_response *response, const char *url)
{
    otel__azure_track_response body;
    if (d->window.item_count < 2 || d->splits >= MOST_SPLITS ||
        !otel__azure_track_response_open(&body, response->body, d->window.item_count))
        return false;
    if (body.miscounted) body.next = NULL; /* its indices are not those of the request */
    const uint32_t settled = d->window.settled;
    tally t = take_items(d, &body, url);
    otel__azure_track_response_close(&body);
    if (d->window.settled == settled) return false;
    d->splits++;
    say_tally(d, &t);
    otel__azure_window_rewind(&d->window);
    d->stage = OTEL__AZURE_BUILDING;
    return true;
}

/* Every request will end like this: seldom, until somebody has put it right. */
static void unknown_key(otel__azure_delivery *d, const otel_http_response *response)
{
    snprintf(d->report.service.text, sizeof d->report.service.text,
             "the service does not know the instrumentation key: compare the connection string with the resource's");
    reject(d, OTEL_AZURE_MONITOR_REJECTED, response->status);
    const bool all = d->window.settled == d->window.count;
    postpone(d, response, "what comes next waits");
    if (all) otel__azure_delivery_end(d, OTEL_EXPORT_OK);
}

static void bad(otel__azure_delivery *d, const otel_http_response *response, const char *url)
{
    if (otel__azure_unknown_key(response->body))
        unknown_key(d, response);
    else if (!leave_out_named(d, response, url) && !split(d))
        reject(d, OTEL_AZURE_MONITOR_REJECTED, response->status);
}

/* ---- somewhere else, or later ---- */

static void redirected(otel__azure_delivery *d, const otel_http_response *response, const char *url)
{
    char target[OTEL__AZURE_URL_BYTES], host[64], words[128];
    otel__azure_redirect to =
        otel__azure_redirect_to(url, response->location, d->settings->token != NULL, target, sizeof target);
    if (to == OTEL__AZURE_REDIRECT_TRUSTED && !otel__azure_route_loops(&d->route)) {
        otel__azure_route_follow(&d->route, target, response->status, response->max_age_s, otel__azure_monotonic_ns());
        d->stage = OTEL__AZURE_SIGNING;
        return;
    }
    snprintf(words, sizeof words, "%s",
             to == OTEL__AZURE_REDIRECT_NOWHERE ? "a redirect to nowhere" : "redirects lead to no end");
    if (to == OTEL__AZURE_REDIRECT_FOREIGN) {
        otel_http_url_text(target, host, sizeof host);
        snprintf(words, sizeof words, "a redirect to %s, which is not trusted, is not followed", host);
    }
    otel__azure_route_failed(&d->route);
    postpone(d, response, words);
}

static void later(otel__azure_delivery *d, const otel_http_response *response)
{
    bool hopeless = response->fault == OTEL_HTTP_FAULT_REQUEST && !otel__azure_route_elsewhere(&d->route);
    if (response->status != 429) otel__azure_route_failed(&d->route);
    if (hopeless)
        reject(d, OTEL_AZURE_MONITOR_REJECTED, 0);
    else
        postpone(d, response, NULL);
}

/* A place that we remember may have closed: its first word is asked for again. */
static void refused(otel__azure_delivery *d, const otel_http_response *response)
{
    bool remembered = otel__azure_route_elsewhere(&d->route) && !d->route.followed;
    otel__azure_route_failed(&d->route);
    if (remembered)
        d->stage = OTEL__AZURE_SIGNING;
    else
        reject(d, OTEL_AZURE_MONITOR_REJECTED, response->status);
}

/* A new token, once: what is wrong may not be the token. */
static void unauthorized(otel__azure_delivery *d, const otel_http_response *response)
{
    bool again = d->settings->token && !d->signed_again;
    if (d->settings->token) otel__azure_token_reject(d->settings->token);
    if (again) {
        d->signed_again = true;
        d->stage = OTEL__AZURE_SIGNING;
    } else {
        otel__azure_route_failed(&d->route);
        postpone(d, response, NULL);
    }
}

void otel__azure_delivery_answered(otel__azure_delivery *d, const otel_http_response *response)
{
    const char *url = otel__azure_route_url(&d->route, otel__azure_monotonic_ns());
    otel__azure_report_read(&d->report, url, response);
    switch (otel__azure_action_of(response->status)) {
    case OTEL__AZURE_DONE:
        done(d, response);
        break;
    case OTEL__AZURE_PARTIAL:
        partial(d, response, url);
        break;
    case OTEL__AZURE_QUOTA:
        close_for_quota(d, response, NULL);
        break;
    case OTEL__AZURE_REDIRECT:
        redirected(d, response, url);
        break;
    case OTEL__AZURE_SIGN:
        unauthorized(d, response);
        break;
    case OTEL__AZURE_TOO_LARGE:
        too_large(d);
        break;
    case OTEL__AZURE_BAD:
        bad(d, response, url);
        break;
    case OTEL__AZURE_REJECT:
        refused(d, response);
        break;
    default:
        later(d, response);
    }
}
