/* Exit without otel_stop while TLS handshakes are under way: OpenSSL frees itself then, and nobody may be inside. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <otel/exporters/otlp.h>
#include <otel/otel.h>

#include "certificates.h"
#include "child.h"
#include "http_server.h"
#include "peers.h"

enum { EXPORTERS = 12, LIMIT_MS = 90000, EXITED_WELL = 0, NOT_STARTED = 9 };

static otel_logger logger = OTEL_LOGGER_INIT("exit", "1");

/* ---- the program that leaves: test_exit exit|return|stop port authority microseconds ---- */

static otel_log_processor *handshaking(const char *endpoint, const char *authority)
{
    otel_otlp_options options = {.endpoint = endpoint, .certificate = authority};
    return otel_batch_log_processor_new(otel_otlp_exporter_new(&options),
                                        &(otel_batch_options){.schedule_delay_ms = OTEL_ZERO});
}

static int leave(char **argv)
{
    char endpoint[64];
    otel_log_processor *list[EXPORTERS];
    long wait_us = strtol(argv[4], NULL, 10);
    snprintf(endpoint, sizeof endpoint, "https://127.0.0.1:%s", argv[2]);
    for (int i = 0; i < EXPORTERS; i++) list[i] = handshaking(endpoint, argv[3]);
    if (otel_start(&(otel_options){.log_processors = list, .log_processor_count = EXPORTERS}) != OTEL_OK)
        return NOT_STARTED;
    OTEL_LOG_INFO(&logger, "on its way");
    if (strcmp(argv[1], "stop") == 0) return otel_stop(60000) == OTEL_OK ? EXITED_WELL : NOT_STARTED;
    nanosleep(&(struct timespec){0, wait_us * 1000}, NULL);
    if (strcmp(argv[1], "exit") == 0) exit(EXITED_WELL);
    return EXITED_WELL;
}

/* ---- the test ---- */

static int start_leaver(const char *how, unsigned port, unsigned wait_us)
{
    char port_text[16], wait_text[16];
    snprintf(port_text, sizeof port_text, "%u", port);
    snprintf(wait_text, sizeof wait_text, "%u", wait_us);
    const char *authority = certificates_path("ca.pem");
    int pid = fork();
    if (pid != 0) return pid;
    execl("/proc/self/exe", "test_exit", how, port_text, authority, wait_text, (char *)NULL);
    _exit(127);
}

static void expect_good_exit(const char *how, unsigned port, unsigned wait_us)
{
    int status = 0;
    int64_t began = child_now_ms();
    int pid = start_leaver(how, port, wait_us);
    assert_true(pid > 0);
    bool ended = child_wait(pid, LIMIT_MS, &status);
    if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != EXITED_WELL)
        fail_msg("%s after %u us: %s, wait status %#x, %lld ms", how, wait_us, ended ? "ended" : "hung",
                 (unsigned)status, (long long)(child_now_ms() - began));
}

static void no_exit_crashes(void **state)
{
    (void)state;
    unsigned exits = child_long() ? 200 : 60;
    assert_non_null(certificates_directory());
    char *certificate = certificates_text("server.pem"), *key = certificates_text("server.key");
    http_server *server = http_server_start(&(http_server_options){.certificate = certificate, .key = key});
    assert_non_null(server);
    unsigned direct = http_server_port(server), slow = peer_slow_relay(direct);
    expect_good_exit("stop", slow, 0); /* the handshakes do come to their end, also behind the relay */
    assert_int_equal(http_server_count(server), EXPORTERS);
    for (unsigned i = 0; i < exits; i++)
        expect_good_exit(i & 1 ? "exit" : "return", i & 2 ? direct : slow, 1000 + i * 7919 % 30000);
    http_server_stop(server);
    free(certificate);
    free(key);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_exit_crashes)};
    if (argc == 5) return leave(argv);
    child_environment(NULL, NULL);
    setenv("OTEL_LOG_LEVEL", "off", 1);
    const char *sanitizer = getenv("ASAN_OPTIONS"); /* what is left at such an exit is no leak */
    char options[512];
    snprintf(options, sizeof options, "%s:detect_leaks=0", sanitizer ? sanitizer : "");
    setenv("ASAN_OPTIONS", options, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
