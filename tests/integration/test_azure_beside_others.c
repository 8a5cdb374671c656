/* console, otlp and azure_monitor at once: each gets every record, and one that is dead (nobody listens, or somebody
 * who never answers) holds up neither the others nor the program's end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <otel/otel.h>

#include "child.h"
#include "desk.h"

/* A request that hangs is given up after a hundred seconds: whoever waits for it comes too late. */
#define HANGS_MS "100000"
enum { RECORDS = 5000, ARRIVAL_MS = 40000, STOP_MS = 1000, STOP_LATE_MS = 1500, LIMIT_MS = 60000, WRONG = 3, LATE = 4 };

static otel_logger logger = OTEL_LOGGER_INIT("beside", "1");

typedef enum health { ALIVE, CLOSED, HANGING } health;
typedef struct receiver {
    health health;
    desk_process desk;
    int listener;
    char url[64];
} receiver;
typedef struct scene {
    receiver otlp, azure;
} scene;

static int complain(const char *what, long long number)
{
    fprintf(stderr, "%s: %lld\n", what, number);
    return WRONG;
}

/* A port where a connect is refused, or, once somebody listens, taken and never answered. */
static void dead_start(receiver *r)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    r->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(r->listener, (struct sockaddr *)&address, size) != 0 ||
        getsockname(r->listener, (struct sockaddr *)&address, &size) != 0 ||
        (r->health == HANGING && listen(r->listener, 16) != 0))
        exit(complain("no port", 0));
    snprintf(r->url, sizeof r->url, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

static void receiver_start(receiver *r)
{
    if (r->health != ALIVE) {
        dead_start(r);
        return;
    }
    desk_start(&r->desk, NULL);
    strcpy(r->url, r->desk.url);
}

static void receiver_end(receiver *r)
{
    if (r->health == ALIVE)
        desk_remove(&r->desk);
    else
        close(r->listener);
}

/* The console's lines go to the file that is given back. */
static FILE *start(const scene *s)
{
    char connection[160];
    FILE *console = tmpfile();
    snprintf(connection, sizeof connection,
             "InstrumentationKey=00000000-0000-0000-0000-00000000beef;IngestionEndpoint=%s", s->azure.url);
    child_environment("console,otlp,azure_monitor", s->otlp.url);
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING", connection, 1);
    setenv("OTEL_BLRP_MAX_QUEUE_SIZE", "20000", 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "100", 1);
    setenv("OTEL_BLRP_EXPORT_TIMEOUT", HANGS_MS, 1);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", HANGS_MS, 1);
    setenv("OTEL_C_AZURE_TIMEOUT", HANGS_MS, 1);
    if (!console || dup2(fileno(console), STDOUT_FILENO) < 0 || otel_start(NULL) != OTEL_OK)
        exit(complain("not started", 0));
    return console;
}

static void emit_all(void)
{
    for (int i = 0; i < RECORDS; i++) {
        char text[32];
        snprintf(text, sizeof text, "record %d", i);
        OTEL_LOG_INFO(&logger, text, OTEL_STR("kind", "beside"), OTEL_INT("seq", i));
    }
}

static otel_pipeline_books books_of(const char *exporter)
{
    otel_pipeline_books books;
    for (size_t i = 0; otel_provider_pipeline_books(NULL, i, &books); i++)
        if (strcmp(books.exporter, exporter) == 0) return books;
    exit(complain("no such pipeline", exporter[0]));
}

/* The living have everything, while the dead one is still being tried. */
static int check_arrival(const receiver *r, const char *exporter, int64_t limit_ms)
{
    while (r->health == ALIVE && books_of(exporter).exported < RECORDS) {
        if (child_now_ms() > limit_ms) return complain("exported in time", (long long)books_of(exporter).exported);
        child_sleep_ms(10);
    }
    return 0;
}

static int stop_in_time(const scene *s)
{
    bool alive = s->otlp.health == ALIVE && s->azure.health == ALIVE;
    int64_t before_ms = child_now_ms();
    otel_result result = otel_stop(STOP_MS);
    int64_t took_ms = child_now_ms() - before_ms;
    if (took_ms > STOP_LATE_MS) return complain("stopping took milliseconds", took_ms), LATE;
    return result == (alive ? OTEL_OK : OTEL_ERR_TIMEOUT) ? 0 : complain("otel_stop", result);
}

static int check_receiver(const receiver *r, const char *exporter)
{
    otel_pipeline_books b = books_of(exporter);
    uint64_t lost = b.dropped_after_stop + b.queued, expected = r->health == ALIVE ? RECORDS : 0;
    if (b.taken != RECORDS || b.exported != expected || lost != RECORDS - expected || b.rejected)
        return complain("the books do not balance: exported", (long long)b.exported);
    if (b.queued) return complain("not settled in time", (long long)b.queued), LATE;
    if (r->health != ALIVE) return 0;
    long long rows = desk_number(&r->desk, "SELECT count(*) FROM traces");
    long long distinct =
        desk_number(&r->desk, "SELECT count(DISTINCT message) FROM traces WHERE message LIKE 'record %%' "
                              "AND json_extract(customDimensions, '$.kind') = 'beside'");
    return rows == RECORDS && distinct == RECORDS ? 0 : complain("records that arrived", distinct);
}

static int check_console(FILE *console)
{
    char line[1024];
    long long lines = 0;
    rewind(console);
    while (fgets(line, sizeof line, console)) lines += strstr(line, "record ") != NULL;
    fclose(console);
    return lines == RECORDS ? 0 : complain("lines on the console", lines);
}

static int live_through(void *argument)
{
    scene *s = argument;
    receiver_start(&s->otlp);
    receiver_start(&s->azure);
    FILE *console = start(s);
    int64_t begun_ms = child_now_ms();
    emit_all();
    int code = check_arrival(&s->otlp, "otlp", begun_ms + ARRIVAL_MS);
    if (!code) code = check_arrival(&s->azure, "azure_monitor", begun_ms + ARRIVAL_MS);
    fprintf(stderr, "the living had everything after %lld ms\n", (long long)(child_now_ms() - begun_ms));
    if (!code) code = stop_in_time(s);
    if (!code) code = check_receiver(&s->otlp, "otlp");
    if (!code) code = check_receiver(&s->azure, "azure_monitor");
    if (!code) code = check_console(console);
    receiver_end(&s->otlp);
    receiver_end(&s->azure);
    return code;
}

static void expect_good(health otlp, health azure, const char *what)
{
    scene s = {.otlp.health = otlp, .azure.health = azure};
    for (int attempt = 0;; attempt++) {
        child_end end = child_run(live_through, &s, LIMIT_MS);
        if (end.code != LATE || attempt == 2) { /* a deadline is missed when it is missed three times in a row */
            child_expect_good(end, what);
            return;
        }
        free(end.text);
    }
}

static void each_gets_every_record(void **state)
{
    (void)state;
    expect_good(ALIVE, ALIVE, "all three alive");
}

static void a_dead_service_holds_up_nobody(void **state)
{
    (void)state;
    expect_good(ALIVE, CLOSED, "nobody where the service should be");
    expect_good(ALIVE, HANGING, "a service that never answers");
}

static void the_service_is_not_held_up(void **state)
{
    (void)state;
    expect_good(CLOSED, ALIVE, "nobody where the Collector should be");
    expect_good(HANGING, ALIVE, "a Collector that never answers");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_gets_every_record),
                                       cmocka_unit_test(a_dead_service_holds_up_nobody),
                                       cmocka_unit_test(the_service_is_not_held_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
