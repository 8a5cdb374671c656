/* What every program does: starts, logs, flushes, stops. Some call in it is made to fail (interpose.c); whatever that
 * is, this prints its books and ends with 0 when they balance, with 1 when they do not, with 3 when the stop left
 * something queued: the thread that exports had no turn in time. */
#include <otel/otel.h>
#include <stdio.h>
#include <stdlib.h>

enum { RECORDS = 20, LATE = 3 };

static otel_logger logger = OTEL_LOGGER_INIT("scenario", "1");

static int complain(const char *what, long long number)
{
    printf("%s %lld\n", what, number);
    return 1;
}

/* All that was taken is somewhere, and nothing is left behind a stop. */
static int check_pipeline(const otel_pipeline_books *b)
{
    uint64_t lost = b->rejected + b->dropped_queue_full + b->dropped_too_large + b->dropped_retry_exhausted +
                    b->dropped_after_stop + b->dropped_out_of_memory + b->dropped_fork_child;
    printf("%s: taken %llu exported %llu lost %llu queued %llu\n", b->exporter, (unsigned long long)b->taken,
           (unsigned long long)b->exported, (unsigned long long)lost, (unsigned long long)b->queued);
    if (b->taken != RECORDS) return complain("taken", (long long)b->taken);
    if (b->taken != b->exported + lost + b->queued) return 1;
    return b->queued ? complain("queued", (long long)b->queued), LATE : 0;
}

static int check_books(void)
{
    otel_books books;
    otel_pipeline_books pipeline;
    if (!otel_provider_books(NULL, &books)) return complain("no books", 0);
    if (!otel_provider_pipeline_books(NULL, 0, &pipeline)) return printf("no pipeline\n") < 0;
    if (books.accepted != RECORDS || books.accepted != books.filtered + books.suppressed + books.delivered)
        return complain("accepted", (long long)books.accepted);
    int code = 0;
    for (size_t i = 0; code != 1 && otel_provider_pipeline_books(NULL, i, &pipeline); i++) {
        int one = check_pipeline(&pipeline);
        if (one) code = one;
    }
    return code;
}

int main(void)
{
    uint32_t wait_ms = getenv("FAULT_ON") ? 200 : 3000;
    otel_result started = otel_start(&(otel_options){.service_name = "scenario"});
    for (int i = 0; i < RECORDS; i++) OTEL_LOG_INFO(&logger, "some text", OTEL_INT("i", i), OTEL_STR("key", "value"));
    (void)otel_flush(wait_ms);
    (void)otel_stop(wait_ms); /* not OTEL_OK when something was lost: the books say so */
    if (started != OTEL_OK) {
        printf("not started: %d\n", started);
        return otel_stop(0) != OTEL_OK;
    }
    int code = check_books();
    return fflush(stdout) != 0 ? 1 : code;
}
