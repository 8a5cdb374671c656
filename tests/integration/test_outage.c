/* A receiver that goes away in the middle of a steady stream and comes back: with room in the queue nothing is lost,
 * without it the books balance to the record, and the loss is said when it starts and when it ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <otel/otel.h>

#include "child.h"
#include "desk.h"
#include "steady.h"

/* Many while the receiver is away; before and after that so few that it keeps up with them, however slow its disk is.
 */
enum {
    A_SECOND = 1000,
    A_QUIET_SECOND = 200,
    BATCH = 512,
    BEFORE_S = 1,
    AFTER_S = 2,
    RECOVERY_MS = 60000,
    LIMIT_MS = 110000,
    WRONG = 3
};

static otel_logger logger = OTEL_LOGGER_INIT("outage", "1");

typedef struct scene {
    desk_process desk;
    const char *queue;
    int outage_s;
    bool loses;
} scene;

/* What the library said. */
static atomic_int loss_began, loss_ended, trouble_began, trouble_ended;
static _Atomic long long loss_said;

static void hear(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    (void)user;
    printf("said: %s\n", text);
    const char *number = strstr(text, "otlp: ");
    if (strstr(text, "records are being dropped")) atomic_fetch_add(&loss_began, 1);
    if (strstr(text, "were dropped while")) atomic_fetch_add(&loss_ended, 1);
    if (strstr(text, "were dropped while") && number) atomic_fetch_add(&loss_said, strtoll(number + 6, NULL, 10));
    if (strstr(text, "trying again")) atomic_fetch_add(&trouble_began, 1);
    if (strstr(text, "exporting again")) atomic_fetch_add(&trouble_ended, 1);
}

static int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    return WRONG;
}

static void wait_until_empty(void)
{
    otel_pipeline_books books;
    int64_t limit = child_now_ms() + RECOVERY_MS;
    while (otel_provider_pipeline_books(NULL, 0, &books) && books.queued && child_now_ms() < limit) child_sleep_ms(20);
    while (loss_ended < loss_began && child_now_ms() < limit) child_sleep_ms(20); /* said a second after it */
}

static int check_words(const scene *s, const otel_pipeline_books *books)
{
    int expected = s->loses ? 1 : 0;
    if (loss_began != expected || loss_ended != expected) return complain("loss said", loss_began * 10 + loss_ended);
    if (loss_said != (long long)books->dropped_queue_full) return complain("records said to be lost", loss_said);
    if (trouble_began != 1 || trouble_ended != 1) return complain("trouble said", trouble_began * 10 + trouble_ended);
    return 0;
}

static int check_books(const scene *s, long long emitted)
{
    otel_pipeline_books books;
    if (!otel_provider_pipeline_books(NULL, 0, &books)) return complain("no books", 0);
    uint64_t settled = books.exported + books.dropped_queue_full;
    if (books.taken != (uint64_t)emitted || settled != books.taken || books.queued || books.rejected)
        return complain("the books do not balance: settled", (long long)settled);
    if (s->loses != (books.dropped_queue_full > 0))
        return complain("records lost", (long long)books.dropped_queue_full);
    long long distinct = desk_number(&s->desk, "SELECT count(DISTINCT message) FROM traces");
    long long rows = desk_number(&s->desk, "SELECT count(*) FROM traces");
    if (distinct != (long long)books.exported) return complain("records that arrived", distinct);
    if (rows - distinct > BATCH) return complain("records that arrived twice", rows - distinct);
    printf("emitted %lld, lost %llu, twice %lld\n", emitted, (unsigned long long)books.dropped_queue_full,
           rows - distinct);
    return check_words(s, &books);
}

static int live_through(void *argument)
{
    scene *s = argument;
    desk_start(&s->desk, NULL);
    child_environment("otlp", s->desk.url);
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", s->queue, 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "200", 1);
    otel_diag_set_handler(hear, NULL);
    if (otel_start(NULL) != OTEL_OK) return complain("not started", 0);
    long long emitted = emit_steadily(&logger, 0, BEFORE_S, A_QUIET_SECOND);
    desk_stop(&s->desk);
    emitted = emit_steadily(&logger, emitted, s->outage_s, A_SECOND);
    desk_start(&s->desk, NULL);
    emitted = emit_steadily(&logger, emitted, AFTER_S, A_QUIET_SECOND);
    wait_until_empty();
    otel_result stopped = otel_stop(60000);
    int code = stopped == OTEL_OK ? check_books(s, emitted) : complain("otel_stop", stopped);
    desk_remove(&s->desk);
    return code;
}

static void room_for_all_loses_nothing(void **state)
{
    scene s = {.queue = "20000", .outage_s = child_long() ? 10 : 3};
    (void)state;
    child_expect_good(child_run(live_through, &s, LIMIT_MS), "an outage with room in the queue");
}

static void a_full_queue_is_counted_and_said(void **state)
{
    scene s = {.queue = child_long() ? "2048" : "600", .outage_s = child_long() ? 10 : 3, .loses = true};
    (void)state;
    child_expect_good(child_run(live_through, &s, LIMIT_MS), "an outage that fills the queue");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(room_for_all_loses_nothing),
                                       cmocka_unit_test(a_full_queue_is_counted_and_said)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
