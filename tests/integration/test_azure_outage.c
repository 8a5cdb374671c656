/* The service is killed for ten seconds in the middle of a steady stream: with room in the queue nothing is lost, no
 * item comes twice but those that were under way, the books balance, and hardly anybody knocks meanwhile, however much
 * waits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <otel/otel.h>

#include "child.h"
#include "desk.h"
#include "steady.h"

enum {
    A_SECOND = 1000,
    BEFORE_S = 1,
    REFUSED_S = 1,
    COUNTED_S = 9,
    AFTER_S = 1,
    RECOVERY_MS = 40000,
    LIMIT_MS = 90000
};
/* First after a second, then twice as long each time, with jitter: at 0, 1, 3, 7 seconds, or a little oftener. */
enum { MOST_KNOCKS = 8, BATCH = 512, WRONG = 3 };

static otel_logger logger = OTEL_LOGGER_INIT("outage", "1");

typedef struct scene {
    desk_process desk;
    const char *queue;
    bool loses;
    int listener;
    atomic_int knocks;
} scene;

static int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    return WRONG;
}

/* In the place of the service: whoever knocks is counted and sent away. Ends when the socket is shut. */
static void *count_knocks(void *argument)
{
    scene *s = argument;
    for (int fd; (fd = accept(s->listener, NULL, NULL)) >= 0; close(fd)) {
        struct linger at_once = {.l_onoff = 1};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        atomic_fetch_add(&s->knocks, 1);
    }
    return NULL;
}

static pthread_t listen_instead(scene *s)
{
    int on = 1;
    pthread_t thread;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)s->desk.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s->listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(s->listener, 64) != 0 ||
        pthread_create(&thread, NULL, count_knocks, s) != 0)
        exit(complain("nobody listens instead", 0));
    return thread;
}

static void listen_no_more(scene *s, pthread_t thread)
{
    shutdown(s->listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(s->listener);
}

static void desk_kill(desk_process *desk)
{
    int status;
    kill(desk->pid, SIGKILL);
    child_wait(desk->pid, LIMIT_MS, &status);
    desk->pid = 0;
}

static long long live_through_outage(scene *s, long long emitted)
{
    desk_kill(&s->desk);
    emitted = emit_steadily(&logger, emitted, REFUSED_S, A_SECOND);
    pthread_t thread = listen_instead(s);
    emitted = emit_steadily(&logger, emitted, COUNTED_S, A_SECOND);
    listen_no_more(s, thread);
    desk_start(&s->desk, NULL);
    return emitted;
}

static void wait_until_empty(void)
{
    otel_pipeline_books books;
    int64_t limit = child_now_ms() + RECOVERY_MS;
    while (otel_provider_pipeline_books(NULL, 0, &books) && books.queued && child_now_ms() < limit) child_sleep_ms(20);
}

static int check_books(const scene *s, long long emitted)
{
    otel_pipeline_books b;
    if (!otel_provider_pipeline_books(NULL, 0, &b)) return complain("no books", 0);
    if (b.taken != (uint64_t)emitted || b.exported + b.dropped_queue_full != b.taken || b.queued || b.rejected)
        return complain("the books do not balance: exported", (long long)b.exported);
    if (s->loses != (b.dropped_queue_full > 0)) return complain("records lost", (long long)b.dropped_queue_full);
    long long distinct = desk_number(&s->desk, "SELECT count(DISTINCT message) FROM traces");
    long long rows = desk_number(&s->desk, "SELECT count(*) FROM traces");
    if (distinct != (long long)b.exported) return complain("records that arrived", distinct);
    if (rows - distinct > BATCH) return complain("records that arrived twice", rows - distinct);
    printf("emitted %lld, lost %llu, twice %lld, knocks %d\n", emitted, (unsigned long long)b.dropped_queue_full,
           rows - distinct, s->knocks);
    if (s->knocks < 1 || s->knocks > MOST_KNOCKS) return complain("knocks", s->knocks);
    return 0;
}

static int live_through(void *argument)
{
    char connection[160];
    scene *s = argument;
    desk_start(&s->desk, NULL);
    snprintf(connection, sizeof connection,
             "InstrumentationKey=00000000-0000-0000-0000-00000000beef;IngestionEndpoint=%s", s->desk.url);
    child_environment("azure_monitor", NULL);
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", connection, 1);
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", s->queue, 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "200", 1);
    if (otel_start(NULL) != OTEL_OK) return complain("not started", 0);
    long long emitted = emit_steadily(&logger, 0, BEFORE_S, A_SECOND);
    emitted = live_through_outage(s, emitted);
    emitted = emit_steadily(&logger, emitted, AFTER_S, A_SECOND);
    wait_until_empty();
    otel_result stopped = otel_stop(30000);
    int code = stopped == OTEL_OK ? check_books(s, emitted) : complain("otel_stop", stopped);
    desk_remove(&s->desk);
    return code;
}

/* With room and without: side by side, as both wait most of the time. */
static int live_through_both(void *unused)
{
    scene roomy = {.queue = "20000"}, small = {.queue = "4000", .loses = true};
    int status = 0;
    (void)unused;
    pid_t beside = fork();
    if (beside < 0) return complain("no process", 0);
    if (beside == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        exit(live_through(&small));
    }
    int code = live_through(&roomy);
    bool ended = child_wait(beside, LIMIT_MS, &status);
    if (!ended || status != 0) printf("that was without room\n");
    return code || !ended || status != 0 ? WRONG : 0;
}

static void nothing_is_lost_within_the_bound(void **state)
{
    (void)state;
    child_expect_good(child_run(live_through_both, NULL, LIMIT_MS), "ten seconds without the service");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_lost_within_the_bound)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
