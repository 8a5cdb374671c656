/* otel_stop_at_exit: what is queued is sent when the process ends by itself, over TLS too, whichever was called first.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <otel/otel.h>

#include "certificates.h"
#include "child.h"
#include "http_server.h"

enum { LIMIT_MS = 100000, WAY_BEFORE = 1, WAY_TWICE = 2, WAY_FORK = 4, WAY_HANG = 8 };

static otel_logger logger = OTEL_LOGGER_INIT("exit", "1");

static int fail_child(const char *why)
{
    fprintf(stderr, "%s\n", why);
    return 1;
}

/* Returns without otel_stop: the rest is the handler's. */
static int leave(void *argument)
{
    int way = *(int *)argument;
    uint32_t ms = way & WAY_HANG ? 300 : 60000;
    if (way & WAY_BEFORE && otel_stop_at_exit(ms) != OTEL_OK) return fail_child("refused before");
    if (otel_start(&(otel_options){.service_name = "exit"}) != OTEL_OK) return fail_child("not started");
    if (!(way & WAY_BEFORE) && otel_stop_at_exit(ms) != OTEL_OK) return fail_child("refused");
    if (way & WAY_TWICE && otel_stop_at_exit(ms) != OTEL_OK) return fail_child("refused again");
    OTEL_LOG_INFO(&logger, "last words");
    if (!(way & WAY_FORK)) return 0;
    int status = 0;
    pid_t child = fork(); /* one that never logs leaves without a word and without a thread */
    if (child == 0) exit(0);
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 2;
}

/* Whether the record was sent: always, but to one that hangs only if that came to pass before the stop was over. */
static bool is_sent(int way, bool tls)
{
    char url[64], *certificate = NULL, *key = NULL;
    if (tls) {
        assert_non_null(certificates_directory());
        certificate = certificates_text("server.pem");
        key = certificates_text("server.key");
        setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", certificates_path("ca.pem"), 1);
    }
    http_server *server = http_server_start(&(http_server_options){.certificate = certificate, .key = key});
    assert_non_null(server);
    if (way & WAY_HANG) http_server_script(server, &(http_answer){.hang = true}, 1);
    snprintf(url, sizeof url, "http%s://127.0.0.1:%u", tls ? "s" : "", http_server_port(server));
    setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url, 1);
    child_end end = child_run(leave, &way, LIMIT_MS);
    int64_t took = end.ms;
    child_expect_good(end, "the program that leaves");
    size_t count = http_server_count(server);
    assert_true(count <= 1);
    if (way & WAY_HANG) assert_true(took < 30000); /* not for ever, whatever the receiver does */
    http_server_stop(server);
    unsetenv("OTEL_EXPORTER_OTLP_CERTIFICATE");
    free(certificate);
    free(key);
    return count == 1;
}

static void expect_sent(int way, bool tls)
{
    int tries = way & WAY_HANG ? 3 : 1;
    while (tries > 0 && !is_sent(way, tls)) tries--;
    assert_true(tries > 0);
}

static void asked_for_after_start(void **state)
{
    (void)state;
    expect_sent(0, false);
    expect_sent(WAY_TWICE, false);
}

static void asked_for_before_start(void **state)
{
    (void)state;
    expect_sent(WAY_BEFORE, false);
    expect_sent(WAY_BEFORE, true);
}

static void over_tls(void **state)
{
    (void)state;
    expect_sent(0, true);
}

static void a_child_that_never_logged_is_left_alone(void **state)
{
    (void)state;
    expect_sent(WAY_FORK, false);
}

static void a_receiver_that_hangs_does_not_keep_the_process(void **state)
{
    (void)state;
    expect_sent(WAY_HANG, false);
    expect_sent(WAY_HANG | WAY_BEFORE, false);
}

static void an_exit_that_may_never_end_is_refused(void **state)
{
    (void)state;
    assert_int_equal(otel_stop_at_exit(UINT32_MAX), OTEL_ERR_ARGUMENT);
}

int main(void)
{
    child_environment("otlp", NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asked_for_after_start),
        cmocka_unit_test(asked_for_before_start),
        cmocka_unit_test(over_tls),
        cmocka_unit_test(a_child_that_never_logged_is_left_alone),
        cmocka_unit_test(a_receiver_that_hangs_does_not_keep_the_process),
        cmocka_unit_test(an_exit_that_may_never_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
