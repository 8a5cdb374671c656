/* A receiver that demands a client's certificate: what gets through, and in which words the rest is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <otel/otel.h>

#include "certificates.h"
#include "child.h"
#include "script_server.h"

enum { LIMIT_MS = 100000, PATIENCE_MS = 60000, WRONG = 3 };

static otel_logger logger = OTEL_LOGGER_INIT("mutual", "1");
static script_server receiver;

typedef struct scene {
    const char *what;
    const char *certificate, *key; /* files of certificates.h; NULL: not set */
    bool arrives;
    const char *said[3]; /* one of them */
} scene;

/* What the library says, while the scene waits for it. */
static const scene *played;
static _Atomic bool was_said;

static void hear(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    (void)user;
    fprintf(stderr, "%s\n", text);
    for (size_t i = 0; i < 3 && played->said[i]; i++)
        if (strstr(text, played->said[i])) was_said = true;
}

static int send_one(void *argument)
{
    const scene *s = played = argument;
    char url[64];
    snprintf(url, sizeof url, "https://localhost:%u", receiver.port);
    child_environment("otlp", url);
    setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", certificates_path("ca.pem"), 1);
    if (s->certificate) setenv("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", certificates_path(s->certificate), 1);
    if (s->key) setenv("OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", certificates_path(s->key), 1);
    otel_diag_set_handler(hear, NULL);
    if (otel_start(NULL) != OTEL_OK) return WRONG;
    otel_pipeline_books books;
    OTEL_LOG_INFO(&logger, "to whom it may concern");
    otel_flush(s->arrives ? PATIENCE_MS : 1);
    for (int64_t limit = child_now_ms() + PATIENCE_MS; !s->arrives && !was_said && child_now_ms() < limit;)
        child_sleep_ms(5);
    otel_provider_pipeline_books(otel_provider_global(), 0, &books);
    bool good = (books.exported == 1) == s->arrives && books.rejected == 0;
    otel_stop(100);
    fflush(NULL);
    if (!s->arrives) _exit(good ? 0 : WRONG); /* what stop leaves behind when its time is over is no leak */
    return good ? 0 : WRONG;
}

/* No line of any key may be shown. */
static void expect_no_key(const char *text, const char *name, const char *what)
{
    char *key = name ? certificates_text(name) : NULL, *rest = key;
    for (char *line = key ? strtok_r(key, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest))
        if (strncmp(line, "-----", 5) != 0 && strlen(line) > 8 && strstr(text, line))
            fail_msg("%s: a key's line is in:\n%s", what, text);
    free(key);
}

static void play(const scene *s, const char *version)
{
    const char *arguments[] = {certificates_path("ca.pem"), certificates_path("server.pem"),
                               certificates_path("server.key"), version, NULL};
    receiver = script_server_start("tls_server.py", arguments);
    child_end end = child_run(send_one, (void *)(size_t)s, LIMIT_MS);
    char *seen = script_server_stop(&receiver);
    bool found = !s->said[0];
    for (size_t i = 0; i < 3 && s->said[i]; i++) found |= strstr(end.text, s->said[i]) != NULL;
    if (!found) fail_msg("%s (TLS %s): '%s' is not in:\n%s", s->what, version ? version : "1.3", s->said[0], end.text);
    if (s->arrives != (strstr(seen, "client client\n") != NULL)) fail_msg("%s: the receiver saw:\n%s", s->what, seen);
    expect_no_key(end.text, s->key, s->what);
    expect_no_key(end.text, s->certificate, s->what);
    child_expect_good(end, s->what);
    free(seen);
}

static const scene scenes[] = {
    {.what = "the right one", .certificate = "client.pem", .key = "client.key", .arrives = true},
    {.what = "certificate and key in one file", .certificate = "both.pem", .arrives = true},
    {.what = "none", .said = {"certificate required", "handshake failure", "demand another client certificate"}},
    {.what = "one of a stranger",
     .certificate = "stranger.pem",
     .key = "stranger.key",
     .said = {"unknown ca", "demand another client certificate"}},
    {.what = "one that has expired",
     .certificate = "expired.pem",
     .key = "expired.key",
     .said = {"certificate expired", "client certificate has expired", "demand another client certificate"}},
    {.what = "another's key",
     .certificate = "client.pem",
     .key = "server.key",
     .said = {"server.key cannot be used: the private key does not fit"}},
    {.what = "an encrypted key",
     .certificate = "client.pem",
     .key = "encrypted.key",
     .said = {"encrypted.key cannot be used: its private key is encrypted"}},
    {.what = "a key that is a certificate",
     .certificate = "client.pem",
     .key = "client.pem",
     .said = {"client.pem cannot be used: there is no private key"}},
    {.what = "a certificate that is a key",
     .certificate = "client.key",
     .key = "client.key",
     .said = {"client.key cannot be used: there is no certificate"}},
    {.what = "no such file", .certificate = "client.pem", .key = "nowhere.key", .said = {"cannot read "}},
    {.what = "a key alone", .key = "client.key", .said = {"a client key without a client certificate is not used"}},
};

static void with_tls_1_3(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) play(&scenes[i], NULL);
}

static void with_tls_1_2(void **state)
{
    (void)state;
    for (size_t i = 0; i < 6; i++) play(&scenes[i], "1.2");
}

int main(void)
{
    if (!certificates_directory()) return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(with_tls_1_3), cmocka_unit_test(with_tls_1_2)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
