/* Records go through a proxy, plain or tunnelled, as libcurl's variables and the options say when the exporter is made.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <otel/exporters/otlp.h>
#include <otel/otel.h>

#include "certificates.h"
#include "child.h"
#include "http_server.h"
#include "peers.h"
#include "script_server.h"

enum { LIMIT_MS = 100000, PATIENCE_MS = 60000, WRONG = 3 };
#define CREDENTIALS "canary-user:canary-pass%40word"

static otel_logger logger = OTEL_LOGGER_INIT("proxies", "1");

typedef struct scene {
    const char *what;
    const char *scheme;             /* of the endpoint */
    const char *variables[3][2];    /* name, value; %u is the proxy's port, %x one where nobody listens */
    const char *option, *no_option; /* of the exporter made in code; NULL: not set */
    bool in_code;                   /* made in code, not chosen by the environment */
    const char *demanded;           /* the proxy demands user:password */
    const char *later[2];           /* a variable that changes once the exporter is made */
    bool arrives;                   /* the record is exported */
    const char *seen, *seen_too;    /* of what the proxy was sent; NULL: nothing at all */
    const char *not_seen, *said;
} scene;

static script_server proxy;
static http_server *receiver;

/* Lives until the next call. */
static const char *filled(const char *text, unsigned port)
{
    static char made[256];
    const char *mark = strstr(text, "%u"), *dead = strstr(text, "%x");
    if (dead) mark = dead, port = peer_closed();
    if (mark)
        snprintf(made, sizeof made, "%.*s%u%s", (int)(mark - text), text, port, mark + 2);
    else
        snprintf(made, sizeof made, "%s", text);
    return made;
}

static otel_provider *start(const scene *s)
{
    if (!s->in_code) return otel_start(NULL) == OTEL_OK ? otel_provider_global() : NULL;
    otel_otlp_options options = {.no_proxy = s->no_option};
    if (s->option) options.proxy = filled(s->option, proxy.port);
    otel_log_processor *list[] = {otel_batch_log_processor_new(otel_otlp_exporter_new(&options), NULL)};
    otel_options all = {.log_processors = list, .log_processor_count = 1};
    return otel_start(&all) == OTEL_OK ? otel_provider_global() : NULL;
}

/* What the library says, while the scene waits for it. */
static const char *awaited;
static _Atomic bool was_said;

static void hear(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    (void)user;
    fprintf(stderr, "%s\n", text);
    if (awaited && strstr(text, awaited)) was_said = true;
}

static int send_one(void *argument)
{
    const scene *s = argument;
    char url[128];
    snprintf(url, sizeof url, "%s://localhost:%u", s->scheme, http_server_port(receiver));
    child_environment(s->in_code ? NULL : "otlp", url);
    setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=for-the-backend", 1);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "10000", 1);
    setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", certificates_path("ca.pem"), 1);
    for (size_t i = 0; i < 3 && s->variables[i][0]; i++)
        setenv(s->variables[i][0], filled(s->variables[i][1], proxy.port), 1);
    awaited = s->said;
    otel_diag_set_handler(hear, NULL);
    otel_provider *provider = start(s);
    if (!provider) return WRONG;
    if (s->later[0]) setenv(s->later[0], filled(s->later[1], proxy.port), 1);
    otel_pipeline_books books;
    OTEL_LOG_INFO(&logger, "through");
    otel_flush(s->arrives ? PATIENCE_MS : 1);
    for (int64_t limit = child_now_ms() + PATIENCE_MS; awaited && !was_said && child_now_ms() < limit;)
        child_sleep_ms(5);
    otel_provider_pipeline_books(provider, 0, &books);
    bool good = (books.exported == 1) == s->arrives;
    if (!good) printf("exported: %llu\n", (unsigned long long)books.exported);
    otel_stop(100);
    fflush(NULL);
    if (!s->arrives) _exit(good ? 0 : WRONG); /* what stop leaves behind when its time is over is no leak */
    return good ? 0 : WRONG;
}

static void expect_part(const char *text, const char *part, bool there, const char *what)
{
    if (part && (strstr(text, part) != NULL) != there)
        fail_msg("%s: '%s' is %sin:\n%s", what, part, there ? "not " : "", text);
}

static void play(const scene *s)
{
    bool secure = strcmp(s->scheme, "https") == 0;
    char *certificate = secure ? certificates_text("server.pem") : NULL;
    char *key = secure ? certificates_text("server.key") : NULL;
    const char *arguments[] = {s->demanded, NULL};
    receiver = http_server_start(&(http_server_options){.certificate = certificate, .key = key});
    proxy = script_server_start("proxy.py", arguments);
    child_end end = child_run(send_one, (void *)(size_t)s, LIMIT_MS);
    char *seen = script_server_stop(&proxy);
    http_server_stop(receiver);
    if (s->seen)
        expect_part(seen, s->seen, true, s->what);
    else if (seen[0])
        fail_msg("%s: the proxy was asked:\n%s", s->what, seen);
    expect_part(seen, s->seen_too, true, s->what);
    expect_part(seen, s->not_seen, false, s->what);
    expect_part(end.text, s->said, true, s->what);
    expect_part(end.text, "canary", false, s->what);
    child_expect_good(end, s->what);
    free(seen);
    free(certificate);
    free(key);
}

#define BASIC "Proxy-Authorization: Basic Y2FuYXJ5LXVzZXI6Y2FuYXJ5LXBhc3NAd29yZA=="

static void requests_take_the_way_they_should(void **state)
{
    (void)state;
    static const scene scenes[] = {
        {.what = "plain",
         .scheme = "http",
         .variables = {{"http_proxy", "http://127.0.0.1:%u"}},
         .arrives = true,
         .seen = "POST http://localhost:",
         .seen_too = "x-key: for-the-backend"},
        {.what = "plain, with a password",
         .scheme = "http",
         .variables = {{"all_proxy", "http://" CREDENTIALS "@127.0.0.1:%u"}},
         .demanded = "canary-user:canary-pass@word",
         .arrives = true,
         .seen = "POST http://localhost:",
         .seen_too = BASIC},
        {.what = "a tunnel",
         .scheme = "https",
         .variables = {{"https_proxy", "127.0.0.1:%u"}},
         .arrives = true,
         .seen = "CONNECT localhost:",
         .not_seen = "x-key"},
        {.what = "a tunnel, with a password",
         .scheme = "https",
         .variables = {{"HTTPS_PROXY", "http://" CREDENTIALS "@127.0.0.1:%u"}},
         .demanded = "canary-user:canary-pass@word",
         .arrives = true,
         .seen = "CONNECT localhost:",
         .seen_too = BASIC,
         .not_seen = "x-key"},
        {.what = "a tunnel, the wrong password",
         .scheme = "https",
         .variables = {{"https_proxy", "http://" CREDENTIALS "@127.0.0.1:%u"}},
         .demanded = "canary-user:another",
         .seen = "CONNECT localhost:",
         .said = "(the proxy answered 407)"},
        {.what = "plain, the wrong password",
         .scheme = "http",
         .variables = {{"http_proxy", "http://" CREDENTIALS "@127.0.0.1:%u"}},
         .demanded = "canary-user:another",
         .seen = "POST http://localhost:",
         .said = "HTTP 407"},
        {.what = "nobody at the proxy",
         .scheme = "http",
         .variables = {{"http_proxy", "http://" CREDENTIALS "@127.0.0.1:%x"}},
         .said = "cannot export"},
        {.what = "the other scheme's",
         .scheme = "http",
         .variables = {{"https_proxy", "127.0.0.1:%u"}},
         .arrives = true},
        {.what = "HTTP_PROXY is a request's header",
         .scheme = "http",
         .variables = {{"HTTP_PROXY", "127.0.0.1:%u"}},
         .arrives = true},
        {.what = "an exception",
         .scheme = "http",
         .variables = {{"http_proxy", "127.0.0.1:%u"}, {"no_proxy", "example.com,localhost"}},
         .arrives = true},
        {.what = "no exception for others",
         .scheme = "http",
         .variables = {{"http_proxy", "127.0.0.1:%u"}, {"NO_PROXY", "example.com,host"}},
         .arrives = true,
         .seen = "POST "},
        {.what = "everything is an exception",
         .scheme = "https",
         .variables = {{"https_proxy", "127.0.0.1:%u"}, {"no_proxy", "*"}},
         .arrives = true},
        {.what = "set too late", .scheme = "http", .later = {"http_proxy", "127.0.0.1:%u"}, .arrives = true},
        {.what = "excepted too late",
         .scheme = "http",
         .variables = {{"http_proxy", "127.0.0.1:%u"}},
         .later = {"no_proxy", "*"},
         .arrives = true,
         .seen = "POST "},
        {.what = "none by option",
         .scheme = "http",
         .variables = {{"http_proxy", "127.0.0.1:%u"}},
         .in_code = true,
         .option = "",
         .arrives = true},
        {.what = "by option",
         .scheme = "http",
         .variables = {{"http_proxy", "127.0.0.1:%x"}, {"no_proxy", "*"}},
         .in_code = true,
         .option = "http://127.0.0.1:%u",
         .no_option = "",
         .arrives = true,
         .seen = "POST "},
        {.what = "a wrong one",
         .scheme = "http",
         .variables = {{"http_proxy", "ftp://" CREDENTIALS "@127.0.0.1:%u"}},
         .arrives = true,
         .said = "http_proxy is not used"},
    };
    assert_non_null(certificates_directory());
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) play(&scenes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(requests_take_the_way_they_should)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
