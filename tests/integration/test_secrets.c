/* Header values and names and passwords in URLs, the proxy's too, appear in no output, whatever goes right or wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <otel/otel.h>

#include "certificates.h"
#include "child.h"
#include "http_server.h"
#include "peers.h"

enum { LIMIT_MS = 60000, WRONG = 3 };
#define TOKEN "canary-token-7f3a"
#define PASSWORD "canary-password-91c2"
#define USER "canary-user-55d0"
#define HEADERS "authorization=Bearer%20" TOKEN ",x-api-key=" TOKEN "-2"

static otel_logger logger = OTEL_LOGGER_INIT("secrets", "1");

typedef struct scene {
    const char *what;
    const char *scheme, *after; /* of the URL, the path behind it; after NULL: the whole URL is in scheme */
    const char *headers;
    http_answer answer;
    unsigned port;     /* 0: a server of its own */
    const char *proxy; /* of all_proxy; "%u" is the port of a server that is none */
    bool secure, sent;
} scene;

/* What the server saw is as it should be: the secrets were in use. */
static bool secrets_arrived(http_server *server)
{
    char value[256];
    if (http_server_count(server) == 0) return false;
    const http_seen *seen = http_server_at(server, 0);
    bool token = strcmp(http_seen_header(seen, "authorization", value, sizeof value), "Bearer " TOKEN) == 0;
    bool basic = strncmp(value, "Basic ", 6) == 0;
    return (token || basic) && strcmp(http_seen_header(seen, "x-api-key", value, sizeof value), TOKEN "-2") == 0;
}

static int live_through(void *argument)
{
    const scene *s = argument;
    char url[512];
    char *certificate = s->secure ? certificates_text("server.pem") : NULL;
    char *key = s->secure ? certificates_text("server.key") : NULL;
    http_server *server = http_server_start(&(http_server_options){.certificate = certificate, .key = key});
    http_server_script(server, &s->answer, 1);
    unsigned port = s->port ? s->port : http_server_port(server);
    if (s->after)
        snprintf(url, sizeof url, "%s://" USER ":" PASSWORD "@127.0.0.1:%u%s", s->scheme, port, s->after);
    else
        snprintf(url, sizeof url, "%s", s->scheme);
    child_environment("console,otlp", url);
    if (s->proxy) {
        char proxy[256];
        snprintf(proxy, sizeof proxy, s->proxy, http_server_port(server));
        setenv("all_proxy", proxy, 1);
    }
    setenv("OTEL_EXPORTER_OTLP_HEADERS", s->headers, 1);
    setenv("OTEL_LOG_LEVEL", "trace", 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "10", 1);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "200", 1);
    otel_start(NULL);
    OTEL_LOG_INFO(&logger, "nothing secret in here");
    otel_flush(700);
    for (int64_t limit = child_now_ms() + 10000; s->sent && !secrets_arrived(server) && child_now_ms() < limit;)
        child_sleep_ms(5);
    otel_stop(300);
    bool arrived = secrets_arrived(server);
    http_server_stop(server);
    free(certificate);
    free(key);
    return arrived == s->sent ? 0 : WRONG;
}

static void expect_silence(const char *text, const char *secret, const char *what)
{
    if (strstr(text, secret)) fail_msg("%s: '%s' is in the output:\n%s", what, secret, text);
}

static void expect_no_secret(const scene *s)
{
    child_end end = child_run(live_through, (void *)(size_t)s, LIMIT_MS);
    if (!strstr(end.text, "nothing secret in here")) fail_msg("%s: no output was caught:\n%s", s->what, end.text);
    if (s->after && strcmp(s->what, "taken") != 0 && !strstr(end.text, "otel: "))
        fail_msg("%s: nothing was said about it:\n%s", s->what, end.text);
    static const char *const secrets[] = {
        TOKEN,
        PASSWORD,
        USER,
        "canary",
        "Y2FuYXJ5LXVzZXItNTVkMDpjYW5hcnktcGFzc3dvcmQtOTFjMg==", /* user:password as Basic has it */
        "Bearer%20"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) expect_silence(end.text, secrets[i], s->what);
    child_expect_good(end, s->what);
}

static void no_secret_is_shown(void **state)
{
    (void)state;
    static const char echo[] = "you sent Bearer " TOKEN " and " TOKEN "-2 as " USER ":" PASSWORD;
    static const http_answer elsewhere = {.status = 302,
                                          .headers = {"Location", "http://" USER ":" PASSWORD "@127.0.0.1/"}};
    const scene scenes[] = {
        {.what = "taken", .scheme = "http", .after = "", .headers = HEADERS, .sent = true},
        {.what = "taken, with words",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .sent = true,
         .answer = {.body = "\x0a\x16\x08\x01\x12\x12"
                            "for " TOKEN,
                    .body_size = 6 + 4 + sizeof TOKEN - 1}},
        {.what = "refused",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .sent = true,
         .answer = {.status = 401, .body = echo}},
        {.what = "refused in words",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .sent = true,
         .answer = {.status = 400,
                    .body = "\x08\x03\x12\x15"
                            "bad " TOKEN,
                    .body_size = 4 + 4 + sizeof TOKEN - 1}},
        {.what = "unavailable",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .sent = true,
         .answer = {.status = 503, .body = echo}},
        {.what = "sent elsewhere",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .sent = true,
         .answer = elsewhere},
        {.what = "no answer",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .sent = true,
         .answer = {.hang = true}},
        {.what = "cut off", .scheme = "http", .after = "", .headers = HEADERS, .sent = true, .answer = {.drop = true}},
        {.what = "nobody there", .scheme = "http", .after = "", .headers = HEADERS, .port = peer_closed()},
        {.what = "no TLS there", .scheme = "https", .after = "", .headers = HEADERS},
        {.what = "an unknown authority", .scheme = "https", .after = "", .headers = HEADERS, .secure = true},
        {.what = "a bad path", .scheme = "http", .after = "/a b\n", .headers = HEADERS, .port = peer_closed()},
        {.what = "a bad scheme", .scheme = "htp", .after = "", .headers = HEADERS, .port = peer_closed()},
        {.what = "a bad port", .scheme = "http://" USER ":" PASSWORD "@127.0.0.1:99999999", .headers = HEADERS},
        {.what = "no URL", .scheme = PASSWORD, .headers = HEADERS},
        /* The server stands in for a proxy that answers in its own name, and repeats what it was sent. */
        {.what = "a proxy refuses",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .proxy = "http://" USER ":" PASSWORD "@127.0.0.1:%u",
         .sent = true,
         .answer = {.status = 407,
                    .body = "Proxy-Authorization: Basic "
                            "Y2FuYXJ5LXVzZXItNTVkMDpjYW5hcnktcGFzc3dvcmQtOTFjMg== is " USER " and " PASSWORD}},
        {.what = "a proxy that does not tunnel",
         .scheme = "https",
         .after = "",
         .headers = HEADERS,
         .proxy = "http://" USER ":" PASSWORD "@127.0.0.1:%u"},
        {.what = "no proxy there",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .proxy = "http://" USER ":" PASSWORD "@127.0.0.1:1"},
        {.what = "a proxy that speaks something else",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .proxy = "socks5://" USER ":" PASSWORD "@127.0.0.1:%u"},
        {.what = "a bad proxy",
         .scheme = "http",
         .after = "",
         .headers = HEADERS,
         .proxy = "http://" USER ":" PASSWORD "@%u@x",
         .sent = true},
        {.what = "bad headers",
         .scheme = "http",
         .after = "",
         .headers = "x y=" TOKEN "," TOKEN ",a=%zz" TOKEN "%0a,=" TOKEN,
         .port = peer_closed()},
    };
    assert_non_null(certificates_directory());
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) expect_no_secret(&scenes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_secret_is_shown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
