/* What the tests of credentials share: one question by hand, and an authority to ask. Included once by a test program,
 * behind cmocka.h. */
#ifndef AZURE_CREDENTIAL_FIXTURE_H
#define AZURE_CREDENTIAL_FIXTURE_H
#include "http_server.h"
#include "said.h"
#include <otel/exporters/azure_credential.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define SCOPE "https://monitor.azure.com//.default"
#define GOOD "{\"access_token\":\"t0ken\",\"expires_in\":3599}"

static const char *const names[] = {"AZURE_TENANT_ID",      "AZURE_CLIENT_ID",
                                    "AZURE_CLIENT_SECRET",  "AZURE_FEDERATED_TOKEN_FILE",
                                    "AZURE_AUTHORITY_HOST", "AZURE_POD_IDENTITY_AUTHORITY_HOST",
                                    "IDENTITY_ENDPOINT",    "IDENTITY_HEADER",
                                    "IMDS_ENDPOINT",        "IDENTITY_SERVER_THUMBPRINT",
                                    "MSI_ENDPOINT",         "MSI_SECRET",
                                    "http_proxy",           "all_proxy"};

/* ---- one question ---- */

static otel_azure_token_call call;
static otel_azure_token_status answered;
static int answers;
static char token[64];

void otel_azure_token_done(otel_azure_token_call *done, otel_azure_token_status status)
{
    assert_ptr_equal(done, &call);
    answers++;
    answered = status;
}

static inline int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline otel_azure_token_status begin(otel_azure_credential *c, uint32_t ms)
{
    memset(token, 0, sizeof token);
    call = (otel_azure_token_call){.size = sizeof call,
                                   .token_size = sizeof token,
                                   .scope = SCOPE,
                                   .deadline = otel_deadline_in_ms(ms),
                                   .token = token};
    answers = 0;
    return c->ops->get_token(c, &call);
}

static inline otel_azure_token_status ask(otel_azure_credential *c, uint32_t ms)
{
    int64_t next, until = now_ms() + ms + 3000;
    otel_azure_token_status status = begin(c, ms);
    if (status != OTEL_AZURE_TOKEN_PENDING) return status;
    for (c->ops->poll(c, &next); !answers && now_ms() < until; c->ops->poll(c, &next)) {
        struct pollfd fd = {.fd = c->ops->poll_fd(c), .events = POLLIN};
        int64_t left = next == OTEL_DEADLINE_NEVER ? 1000 : next / 1000000 - now_ms() + 1;
        poll(&fd, 1, left < 0 ? 0 : left > 1000 ? 1000 : (int)left);
    }
    assert_int_equal(answers, 1);
    return answered;
}

/* ---- a server, and who asks it ---- */

typedef struct fixture {
    http_server *server;
    char url[64], file[64];
} fixture;

static inline int set_up(void **state)
{
    static fixture f;
    f = (fixture){.server = http_server_start(NULL)};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
    said_clear();
    *state = &f;
    if (!f.server) return -1;
    snprintf(f.url, sizeof f.url, "http://127.0.0.1:%u", http_server_port(f.server));
    snprintf(f.file, sizeof f.file, "/tmp/otel-test-token-%d", (int)getpid());
    return 0;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    http_server_stop(f->server);
    unlink(f->file);
    return 0;
}

static inline void destroy(otel_azure_credential *c)
{
    c->ops->destroy(c);
}

static inline void script(fixture *f, http_answer answer)
{
    http_server_script(f->server, &answer, 1);
}

static inline const char *header(fixture *f, size_t nth, const char *name)
{
    static char text[256];
    return http_seen_header(http_server_at(f->server, nth), name, text, sizeof text);
}

static inline int64_t life(void)
{
    return call.expires_unix_s - (int64_t)time(NULL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#endif
