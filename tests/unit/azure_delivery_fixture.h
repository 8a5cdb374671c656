/* What the tests of the Azure exporter's delivery share: a batch by hand, records that are written as {"r":3}, a sender
 * that answers by a script, and a clock that is moved. Included once by a test program, behind cmocka.h. */
#ifndef AZURE_DELIVERY_FIXTURE_H
#define AZURE_DELIVERY_FIXTURE_H
#include "azure_monitor/src/clock.h"
#include "azure_monitor/src/delivery/delivery.h"
#include "exporter_double.h"
#include "said.h"
#include <otel/exporters/azure_monitor.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>

#define KEY "11111111-2222-3333-4444-5555deadbeef"
#define ENDPOINT "http://127.0.0.1:9/"

/* ---- the clock: it stands still unless it is moved ---- */

#define NOON_UNIX_S INT64_C(1764331200)
static int64_t skipped_ms;

int64_t otel__azure_monotonic_ns(void)
{
    return (INT64_C(5000000) + skipped_ms) * 1000000;
}

int64_t otel__azure_unix_s(void)
{
    return NOON_UNIX_S + skipped_ms / 1000;
}

/* ---- batches and records ---- */

struct otel_log_batch {
    uint32_t first, count;
};

enum { MOST_RECORDS = 2048 };
static uint32_t record_bytes[MOST_RECORDS]; /* of the item that becomes of it; 0: as few as can be */
static uint64_t record_time[MOST_RECORDS];  /* when it was observed */
static bool out_of_memory;                  /* for the next item */
static bool record_spoils[MOST_RECORDS];    /* a request with it gets the script's first answer, others the second */
static bool some_spoil;

size_t otel_log_batch_count(const otel_log_batch *batch)
{
    return batch->count;
}

void otel_log_cursor_init(otel_log_cursor *cursor, const otel_log_batch *batch, size_t size)
{
    memset(cursor, 0, size);
    cursor->batch = batch;
}

bool otel_log_next(otel_log_cursor *cursor)
{
    uint64_t nth = cursor->otel_private[0]++;
    if (nth >= cursor->batch->count) return false;
    cursor->record.body = otel_int((int64_t)(cursor->batch->first + nth));
    cursor->record.observed_time_unix_nano = record_time[cursor->batch->first + nth];
    return true;
}

static int done_calls;
static otel_export_status done_status;

void otel_export_done(otel_export_call *call, otel_export_status status)
{
    (void)call;
    done_calls++;
    done_status = status;
}

otel__azure_writer *otel__azure_writer_new(const otel__azure_mapping *mapping)
{
    (void)mapping;
    return otel_allocate(1);
}

void otel__azure_writer_destroy(otel__azure_writer *writer)
{
    otel_release(writer);
}

void otel__azure_writer_forget(otel__azure_writer *writer)
{
    (void)writer;
}

/* Records 3, 7, 11, ... are exceptions. */
bool otel__azure_write(otel__azure_writer *writer, const otel_log_record *record, uint64_t sequence,
                       otel__azure_buffer *out, otel_azure_monitor_kind *kind)
{
    char text[64];
    int64_t nth = record->body.u.integer;
    (void)writer;
    int size = sequence ? snprintf(text, sizeof text, "{\"r\":%d,\"sequence\":%d}", (int)nth, (int)sequence)
                        : snprintf(text, sizeof text, "{\"r\":%d}", (int)nth);
    *kind = nth % 4 == 3 ? OTEL_AZURE_MONITOR_EXCEPTION : OTEL_AZURE_MONITOR_MESSAGE;
    if (out_of_memory) return false;
    uint32_t bytes = record_bytes[nth] > (uint32_t)size ? record_bytes[nth] : (uint32_t)size;
    if (!otel__azure_buffer_append(out, text, (size_t)size - 1)) return false;
    for (uint32_t i = (uint32_t)size; i < bytes; i++)
        if (!otel__azure_buffer_append(out, " ", 1)) return false;
    return otel__azure_buffer_append(out, "}", 1);
}

/* ---- the sender ---- */

typedef struct answer {
    uint32_t status;     /* 0: none, the fault says why */
    const char *headers; /* "Retry-After: 3"; several: "\n" between them */
    const char *body;
    otel_http_fault fault;
    bool hang;
} answer;

typedef struct request {
    char url[512], authorization[128];
    char items[512], numbers[512]; /* "0 1 2"; more than fit: cut */
    size_t bytes, item_count;
    bool gzip;
    int64_t at_ms; /* by the moved clock */
} request;

enum { MOST_REQUESTS = 600 };

typedef struct script_sender {
    otel_http_sender base;
    answer answers[64]; /* the last one is repeated */
    size_t answer_count, next;
    request seen[MOST_REQUESTS];
    size_t count;
    otel_http_exchange *exchange;
    int after_forks;
} script_sender;

/* By the records that are in the body. */
static size_t answer_by_records(const char *body)
{
    for (const char *at = body; (at = strstr(at, "\"r\":")) != NULL; at++)
        if (record_spoils[atoi(at + 4)]) return 0;
    return 1;
}

static size_t keep_numbers(char *out, size_t size, const char *body, const char *key)
{
    size_t count = 0;
    for (const char *at = body; (at = strstr(at, key)) != NULL; at++, count++) {
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%s%d", used ? " " : "", atoi(at + strlen(key)));
    }
    return count;
}

static void keep_header(request *r, const char *line)
{
    static const char name[] = "Authorization: ";
    if (strncmp(line, name, sizeof name - 1) == 0)
        snprintf(r->authorization, sizeof r->authorization, "%s", line + sizeof name - 1);
    if (strcmp(line, "Content-Encoding: gzip") == 0) r->gzip = true;
}

static otel_result sender_start(otel_http_sender *base, otel_http_exchange *exchange)
{
    script_sender *self = (script_sender *)base;
    assert_true(self->count < MOST_REQUESTS);
    request *r = &self->seen[self->count++];
    *r = (request){.bytes = exchange->body_bytes, .at_ms = otel__azure_monotonic_ns() / 1000000};
    snprintf(r->url, sizeof r->url, "%s", exchange->url);
    for (size_t i = 0; i < exchange->header_count; i++) keep_header(r, exchange->header_lines[i]);
    char *body = calloc(1, exchange->body_bytes + 1);
    size_t used = 0;
    for (size_t i = 0; i < exchange->piece_count; i++, used += exchange->pieces[i - 1].size)
        memcpy(body + used, exchange->pieces[i].data, exchange->pieces[i].size);
    if (!r->gzip) {
        assert_int_equal(body[0], '[');
        assert_int_equal(body[used - 1], ']');
        r->item_count = keep_numbers(r->items, sizeof r->items, body, "\"r\":");
        keep_numbers(r->numbers, sizeof r->numbers, body, "\"sequence\":");
    }
    if (some_spoil) self->next = answer_by_records(body);
    free(body);
    self->exchange = exchange;
    return OTEL_OK;
}

/* Never readable: answers are there when they are asked for. */
static int32_t sender_poll_fd(otel_http_sender *base)
{
    static int fd = -1;
    (void)base;
    if (fd < 0) fd = eventfd(0, EFD_CLOEXEC);
    return fd;
}

static void send_head(otel_http_exchange *exchange, const answer *a)
{
    char line[4096];
    int size = snprintf(line, sizeof line, "HTTP/1.1 %u x", a->status);
    otel_http_exchange_header(exchange, line, (size_t)size);
    for (const char *at = a->headers; at && *at;) {
        size_t length = strcspn(at, "\n");
        otel_http_exchange_header(exchange, at, length);
        at += length + (at[length] == '\n');
    }
}

static void sender_poll(otel_http_sender *base, int64_t *next)
{
    script_sender *self = (script_sender *)base;
    otel_http_exchange *exchange = self->exchange;
    *next = OTEL_DEADLINE_NEVER;
    if (!exchange) return;
    answer a = self->answers[self->next];
    if (a.hang) return;
    if (!some_spoil && self->next + 1 < self->answer_count) self->next++;
    self->exchange = NULL;
    if (a.status) send_head(exchange, &a);
    if (a.body) otel_http_exchange_body(exchange, a.body, strlen(a.body));
    otel_http_exchange_done(exchange, a.status, a.status || a.fault ? a.fault : OTEL_HTTP_FAULT_CONNECTION,
                            "connection reset");
}

static void sender_cancel(otel_http_sender *base)
{
    ((script_sender *)base)->exchange = NULL;
}

static void sender_after_fork(otel_http_sender *base)
{
    ((script_sender *)base)->after_forks++;
    ((script_sender *)base)->exchange = NULL;
}

static void sender_destroy(otel_http_sender *base)
{
    (void)base; /* the fixture's */
}

static const otel_http_sender_ops sender_ops = {.size = sizeof sender_ops,
                                                .name = "script",
                                                .start = sender_start,
                                                .poll_fd = sender_poll_fd,
                                                .poll = sender_poll,
                                                .cancel = sender_cancel,
                                                .after_fork = sender_after_fork,
                                                .destroy = sender_destroy};

/* ---- an exporter between them ---- */

typedef struct told {
    otel_azure_monitor_kind kind;
    otel_azure_monitor_reason reason;
    uint32_t status;
    uint64_t count;
    char message[128];
} told;

typedef struct fixture {
    script_sender sender;
    otel_log_exporter *exporter;
    otel_log_batch batch;
    otel_export_call call;
    uint32_t attempt, settled, rejected; /* as the SDK keeps them */
    told losses[64];
    size_t loss_count;
} fixture;

static inline void on_loss(void *user, const otel_azure_monitor_loss *loss)
{
    fixture *f = user;
    if (f->loss_count == 64) return;
    told *t = &f->losses[f->loss_count++];
    *t = (told){loss->kind, loss->reason, loss->http_status, loss->count, ""};
    snprintf(t->message, sizeof t->message, "%s", loss->message);
}

static inline void make_exporter(fixture *f, otel_azure_monitor_options options)
{
    f->sender.base.ops = &sender_ops;
    options.sender = &f->sender.base;
    if (!options.connection_string)
        options.connection_string = "InstrumentationKey=" KEY ";IngestionEndpoint=" ENDPOINT;
    options.on_loss = on_loss;
    options.user = f;
    f->exporter = otel_azure_monitor_exporter_new(&options);
    assert_non_null(f->exporter);
}

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    skipped_ms = 0;
    out_of_memory = false;
    memset(record_bytes, 0, sizeof record_bytes);
    memset(record_time, 0, sizeof record_time);
    memset(record_spoils, 0, sizeof record_spoils);
    some_spoil = false;
    said_clear();
    f->batch.count = 4;
    f->sender.answer_count = 1;
    f->sender.answers[0] = (answer){.status = 200, .body = "{}"};
    make_exporter(f, (otel_azure_monitor_options){0});
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    if (f->exporter) otel_log_exporter_destroy(f->exporter);
    free(f);
    return 0;
}

/* The last answer is repeated. */
#define SCRIPT(f, ...) script(f, (const answer[]){__VA_ARGS__}, sizeof((const answer[]){__VA_ARGS__}) / sizeof(answer))

static inline void script(fixture *f, const answer *answers, size_t count)
{
    memcpy(f->sender.answers, answers, count * sizeof *answers);
    f->sender.answer_count = count;
    f->sender.next = 0;
}

static inline void start_call(fixture *f, uint32_t deadline_ms)
{
    f->call = (otel_export_call){.size = sizeof f->call,
                                 .attempt = f->attempt,
                                 .deadline = otel_deadline_in_ms(deadline_ms),
                                 .settled = f->settled,
                                 .rejected = f->rejected};
    done_calls = 0;
}

/* Once more with the same batch, which after anything but RETRY is forgotten; as the SDK does. */
static inline otel_export_status finish_call(fixture *f, otel_export_status status)
{
    bool again = status == OTEL_EXPORT_RETRY;
    f->attempt = again ? f->attempt + 1 : 0;
    f->settled = again ? f->call.settled : 0;
    f->rejected = again ? f->call.rejected : 0;
    return status;
}

static inline otel_export_status export_within(fixture *f, uint32_t deadline_ms)
{
    int64_t next;
    start_call(f, deadline_ms);
    otel_export_status status = f->exporter->ops->export_batch(f->exporter, &f->batch, &f->call);
    if (status != OTEL_EXPORT_PENDING) return finish_call(f, status);
    do {
        f->exporter->ops->poll(f->exporter, &next);
    } while (!done_calls && otel_deadline_left_ms(f->call.deadline));
    if (!done_calls) f->exporter->ops->poll(f->exporter, &next);
    assert_int_equal(done_calls, 1);
    return finish_call(f, done_status);
}

static inline otel_export_status export_batch(fixture *f)
{
    return export_within(f, 5000);
}

/* When the SDK would come again. */
static inline otel_export_status export_later(fixture *f)
{
    assert_true(f->call.retry_after_ms > 0);
    skipped_ms += f->call.retry_after_ms;
    return export_batch(f);
}

/* A batch of its own. */
static inline otel_export_status export_new(fixture *f, uint32_t first, uint32_t count)
{
    f->attempt = f->settled = f->rejected = 0;
    f->batch = (otel_log_batch){first, count};
    return export_batch(f);
}

static inline const char *items(const fixture *f, size_t nth)
{
    return nth < f->sender.count ? f->sender.seen[nth].items : "(no such request)";
}

static inline void expect_within(int64_t value, int64_t least, int64_t most)
{
    if (value < least || value > most)
        fail_msg("%lld is not within %lld and %lld", (long long)value, (long long)least, (long long)most);
}

static inline uint64_t lost(const fixture *f, otel_azure_monitor_reason reason, uint32_t status)
{
    static const char *const words[] = {"rejected", "too_large", "sampled", "unknown"};
    uint64_t count = 0;
    otel_export_loss rows[64];
    size_t n = f->exporter->ops->losses(f->exporter, rows, 64);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].reason, words[reason]) == 0 && rows[i].http_status == status) count += rows[i].count;
    return count;
}

#define WITH_EXPORTER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#endif
