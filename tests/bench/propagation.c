/* What a context costs: reading it from headers and writing it again, and a log call inside one beside a log call
 * outside. One line each: CPU nanoseconds, and heap allocations when the counter is preloaded. Keys: n. */
#include "clocks.h"
#include <dlfcn.h>
#include <otel/otel.h>
#include <otel/propagation.h>
#include <stdbool.h>
#include <string.h>

#define IDS "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"

static otel_logger logger = OTEL_LOGGER_INIT("bench", "1.0");

static const char *const plain[] = {"traceparent: 00-" IDS "-01"},
                         *const full[] = {"Host: shop", "traceparent: 00-" IDS "-01", "tracestate: a=1,b=2",
                                          "baggage: run=17,user=ann%20b;m"},
                         *const b3[] = {"b3: " IDS "-1"};

/* A carrier that costs next to nothing: what is measured is not the carrier. */
static bool get_parent(const void *carrier, const char *name, size_t nth, otel_str *value)
{
    if (nth || strcmp(name, "traceparent") != 0) return false;
    *value = *(const otel_str *)carrier;
    return true;
}

static void keep_size(void *carrier, otel_str name, otel_str value)
{
    (void)name;
    *(size_t *)carrier += value.size;
}

static uint64_t heap(void)
{
    uint64_t (*counter)(void);
    *(void **)&counter = dlsym(RTLD_DEFAULT, "bench_allocs_thread");
    return counter ? counter() : 0;
}

typedef bool loop(long n);

static bool parent_round(long n)
{
    static const otel_getter getter = {sizeof getter, get_parent, NULL};
    static const otel_setter setter = {sizeof setter, keep_size};
    const otel_str header = {"00-" IDS "-01", 55};
    char room[512];
    size_t sent = 0;
    otel_propagators_set_names("tracecontext", NULL);
    for (long i = 0; i < n; i++) {
        otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
        otel_context context = otel_extract(NULL, &getter, &header, &memory);
        otel_inject(&context, &setter, &sent);
    }
    return sent == (size_t)n * 55;
}

static bool lines_round(long n, const char *names, const char *const *list, size_t count, size_t wanted)
{
    const otel_header_lines lines = {list, count};
    char room[512], text[1024];
    otel_text_carrier out = {.buffer = text, .capacity = sizeof text};
    otel_propagators_set_names(names, NULL);
    for (long i = 0; i < n; i++) {
        otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
        otel_context context = otel_extract(NULL, &otel_header_lines_getter, &lines, &memory);
        out.size = 0;
        otel_inject(&context, &otel_header_text_setter, &out);
    }
    return out.size == wanted;
}

static bool parent_lines(long n)
{
    return lines_round(n, "tracecontext", plain, 1, 70);
}

static bool full_lines(long n)
{
    return lines_round(n, "tracecontext,baggage", full, 4, 70 + 21 + 32);
}

static bool b3_lines(long n)
{
    return lines_round(n, "b3", b3, 1, 57);
}

static bool child_ids(long n)
{
    otel_span_context context = {.flags = 0};
    for (long i = 0; i < n; i++) context = otel_span_context_child(&context);
    return otel_span_context_valid(&context);
}

typedef struct measured {
    double cpu;
    uint64_t heap;
    bool good;
} measured;

static void start(measured *m)
{
    m->heap -= heap();
    m->cpu -= bench_thread_cpu();
}

static void end(measured *m)
{
    m->cpu += bench_thread_cpu();
    m->heap += heap();
}

static bool print(const char *what, long n, const measured *m)
{
    printf("propagation what=%s n=%ld ns=%.2f heap=%llu\n", what, n, m->cpu / (double)n * 1e9,
           (unsigned long long)m->heap);
    if (!m->good) fprintf(stderr, "propagation: %s came out wrong\n", what);
    return m->good;
}

static bool measure(const char *what, long n, loop *run)
{
    measured m = {.good = run(n / 10 + 1)};
    start(&m);
    m.good = run(n) && m.good;
    end(&m);
    return print(what, n, &m);
}

static otel_export_status take(otel_log_exporter *self, const otel_log_batch *batch, otel_export_call *call)
{
    (void)self, (void)batch, (void)call;
    return OTEL_EXPORT_OK;
}

static const otel_log_exporter_ops null_ops = {.size = sizeof null_ops, .name = "null", .export_batch = take};

enum { BURST = 4096 };

/* Bursts that the queue holds, with the flush between them outside the measurement. */
static void log_burst(measured *m, const otel_context *context)
{
    otel_context_token token;
    otel_context_attach(context, &token);
    start(m);
    for (long i = 0; i < BURST; i++) OTEL_LOG_INFO(&logger, "finished without errors", OTEL_INT("seq", i));
    end(m);
    m->good = otel_context_detach(&token) && otel_flush(5000) == OTEL_OK && m->good;
}

/* Both by turns, so that what else the machine does shows in both. */
static bool measure_logs(long n)
{
    const otel_context inside = {.span_context = {.trace_id = {1}, .span_id = {2}, .flags = 1}},
                       outside = {.baggage = NULL};
    otel_log_exporter *null = otel_log_exporter_new(sizeof(otel_log_exporter), &null_ops);
    otel_log_processor *list[] = {otel_batch_log_processor_new(
        null, &(otel_batch_options){.max_queue_size = 4 * BURST, .schedule_delay_ms = 60000})};
    measured in = {.good = true}, out = {.good = true}, warm_up = {.good = true};
    if (otel_start(&(otel_options){.log_processors = list, .log_processor_count = 1, .code_location_off = 1}) !=
        OTEL_OK)
        return false;
    log_burst(&warm_up, &inside);
    long bursts = n / BURST + 1;
    for (long i = 0; i < bursts; i++) {
        log_burst(&out, &outside);
        log_burst(&in, &inside);
    }
    bool good = print("emit_outside_a_context", bursts * BURST, &out);
    good = print("emit_inside_a_context", bursts * BURST, &in) && good;
    return otel_stop(5000) == OTEL_OK && good;
}

int main(int argc, char **argv)
{
    bench_arguments = argv + (argc > 0);
    long n = bench_number("n", 2000000);
    bool good = n > 0 && measure_logs(n);
    good = measure("extract_and_inject,_tracecontext", n, parent_round) && good;
    good = measure("the_same_through_header_lines", n, parent_lines) && good;
    good = measure("and_with_trace_state_and_baggage", n, full_lines) && good;
    good = measure("extract_and_inject,_b3", n, b3_lines) && good;
    good = measure("a_child's_span_id", n / 10 + 1, child_ids) && good;
    return good ? 0 : 1;
}
