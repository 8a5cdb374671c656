/* Every allocation fails once between a connection string and a token: nobody crashes, what was taken is given back,
 * and the next try succeeds. For each kind of credential. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "azure_monitor/src/settings/settings.h"
#include "http_server.h"
#include "said.h"

enum { MOST = 300 };

/* ---- the allocator ---- */

static long live, calls, fail_at; /* fail_at 0: never */

static bool refused(void)
{
    return ++calls == fail_at;
}

static void *allocate(size_t size, void *user)
{
    (void)user;
    void *p = refused() ? NULL : malloc(size);
    if (p) live++;
    return p;
}

static void *reallocate(void *old, size_t size, void *user)
{
    (void)user;
    void *p = refused() ? NULL : realloc(old, size);
    if (p && !old) live++;
    return p;
}

static void release(void *p, void *user)
{
    (void)user;
    free(p);
    if (p) live--;
}

static int set_allocator(void **state)
{
    static const otel_allocator mine = {sizeof mine, allocate, reallocate, release, NULL};
    (void)state;
    return otel_set_allocator(&mine) != OTEL_OK;
}

/* ---- from the string to the token ---- */

static otel_azure_token_status wait_for(otel__azure_token *token)
{
    const char *authorization;
    char message[128];
    otel_azure_token_status status;
    otel_deadline limit = otel_deadline_in_ms(60000);
    while ((status = otel__azure_token_get(token, limit, &authorization, message, sizeof message)) ==
               OTEL_AZURE_TOKEN_PENDING &&
           otel_deadline_left_ms(limit)) {
        int64_t next;
        otel__azure_token_poll(token, &next);
        struct pollfd fd = {.fd = otel__azure_token_poll_fd(token), .events = POLLIN};
        poll(&fd, 1, next == 0 ? 0 : 10);
    }
    if (status == OTEL_AZURE_TOKEN_OK) assert_string_equal(authorization, "Bearer t0ken");
    return status;
}

/* true: there was a token. */
static bool round_of(long nth)
{
    otel__azure_settings settings;
    live = calls = 0;
    fail_at = nth;
    bool good = otel__azure_settings_read(&settings, &(otel_azure_monitor_options){0});
    if (good) {
        good = wait_for(settings.token) == OTEL_AZURE_TOKEN_OK;
        otel__azure_settings_release(&settings);
    }
    if (live) fail_msg("%ld blocks are left when allocation %ld fails", live, nth);
    return good;
}

static void every_allocation(void)
{
    long nth = 1, failed = 0;
    for (bool reached = true; reached && nth < MOST; nth++) {
        failed += !round_of(nth);
        reached = calls >= nth;
    }
    print_message("%ld allocations, %ld of them needed\n", nth - 1, failed);
    assert_in_range(nth, 10, MOST - 1);
    assert_in_range(failed, 10, nth);
    assert_true(round_of(0));
}

static void credentials_survive(void **state)
{
    char text[128], file[64];
    (void)state;
    http_server *server = http_server_start(NULL);
    const http_answer answer = {.body = "{\"access_token\":\"t0ken\",\"expires_in\":3599}"};
    http_server_script(server, &answer, 1);
    snprintf(text, sizeof text, "http://127.0.0.1:%u", http_server_port(server));
    snprintf(file, sizeof file, "/tmp/otel-test-faults-%d", (int)getpid());
    FILE *f = fopen(file, "w");
    fputs("a.b.c", f);
    fclose(f);
    setenv("APPLICATIONINSIGHTS_CONNECTION_STRING",
           "InstrumentationKey=931024c2-3720-11ea-b247-c49deda841c1;AADAudience=https://monitor.azure.us/", 1);
    setenv("AZURE_TENANT_ID", "t", 1);
    setenv("AZURE_CLIENT_ID", "c", 1);
    setenv("AZURE_CLIENT_SECRET", "s3cret", 1);
    setenv("AZURE_FEDERATED_TOKEN_FILE", file, 1);
    setenv("AZURE_AUTHORITY_HOST", text, 1);
    setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", text, 1);
    static const char *const kinds[] = {"client_secret", "workload_identity", "managed_identity"};
    for (size_t i = 0; i < 3; i++) {
        setenv("OTEL_C_AZURE_CREDENTIAL", kinds[i], 1);
        every_allocation();
    }
    http_server_stop(server);
    unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(credentials_survive)};
    return cmocka_run_group_tests(tests, set_allocator, NULL);
}
