/* Tests of exporters/http with TLS: whom it trusts, what it shows. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "http_fixture.h"
#include "said.h"

/* Posts once over TLS to a server with the certificate `name`. */
static result post_tls(const char *name, bool mutual, const char *host, otel_http_options options)
{
    http_server *server = tls_server(name, mutual);
    otel_http_client *client = otel_http_client_new(&options);
    assert_non_null(client);
    result r = post(client, url_of(server, "https", host), "over TLS");
    otel_http_client_destroy(client);
    http_server_stop(server);
    return r;
}

static void tls_is_checked(void **state)
{
    (void)state;
    otel_http_options ours = {.ca_file = certificates_path("ca.pem")},
                      other = {.ca_file = certificates_path("other.pem")};
    assert_int_equal(post_tls("server", false, "localhost", ours).status, 200);
    assert_int_equal(post_tls("server", false, "127.0.0.1", ours).status, 200);
    result r = post_tls("server", false, "localhost", other);
    assert_int_equal(r.status, 0);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
    assert_non_null(strstr(r.error, "certificate"));
    r = post_tls("elsewhere", false, "localhost", ours);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.error, "subject name"));
    r = post_tls("server", false, "localhost", (otel_http_options){0}); /* the system's authorities do not know us */
    assert_int_equal(r.status, 0);
}

static void clients_show_their_certificate(void **state)
{
    (void)state;
    otel_http_options ours = {.ca_file = certificates_path("ca.pem")};
    result r = post_tls("server", true, "localhost", ours);
    /* libmicrohttpd only asks for a certificate: whether one was sent is seen in the next test, by one that cannot be
     * used */
    assert_true(r.status == 200 || r.fault == OTEL_HTTP_FAULT_CONNECTION);
    ours.certificate_file = certificates_path("client.pem");
    ours.key_file = certificates_path("client.key");
    assert_int_equal(post_tls("server", true, "localhost", ours).status, 200);
    ours.key_file = certificates_path("other.key");
    r = post_tls("server", true, "localhost", ours);
    assert_int_equal(r.fault, OTEL_HTTP_FAULT_CONNECTION);
    assert_non_null(strstr(r.error, "private key"));
}

static void plain_http_to_a_tls_port_is_a_fault(void **state)
{
    (void)state;
    http_server *server = tls_server("server", false);
    otel_http_client *client = otel_http_client_new(NULL);
    result r = post(client, url_of(server, "http", "127.0.0.1"), "x");
    assert_int_not_equal(r.verdict, OTEL_HTTP_OK);
    otel_http_client_destroy(client);
    http_server_stop(server);
}

static void copy_file(const char *from, const char *to)
{
    char command[256];
    snprintf(command, sizeof command, "cp %s %s", from, to);
    assert_int_equal(system(command), 0);
}

static void certificates_outlive_their_file_and_are_renewed(void **state)
{
    (void)state;
    http_server *server = tls_server("server", false);
    const char *url = url_of(server, "https", "localhost"), *file = certificates_path("renewed.pem");
    copy_file(certificates_path("ca.pem"), file);
    otel_http_client *client = otel_http_client_new(&(otel_http_options){.ca_file = file});
    unlink(file);
    assert_int_equal(post(client, url, "x").status, 200);
    otel_http_client_destroy(client);
    copy_file(certificates_path("other.pem"), file);
    client = otel_http_client_new(&(otel_http_options){.ca_file = file});
    assert_int_equal(post(client, url, "x").status, 0);
    copy_file(certificates_path("ca.pem"), file);
    assert_int_equal(post(client, url, "x").status, 200);
    otel_http_client_destroy(client);
    http_server_stop(server);
}

static void a_missing_certificate_is_said(void **state)
{
    (void)state;
    said_clear();
    result r = post_tls("server", false, "localhost", (otel_http_options){.ca_file = "/nowhere/ca.pem"});
    assert_non_null(strstr(said(), "/nowhere/ca.pem"));
    assert_int_equal(r.status, 0);
    assert_int_equal(r.verdict, OTEL_HTTP_RETRY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tls_is_checked),
        cmocka_unit_test(clients_show_their_certificate),
        cmocka_unit_test(plain_http_to_a_tls_port_is_a_fault),
        cmocka_unit_test(certificates_outlive_their_file_and_are_renewed),
        cmocka_unit_test(a_missing_certificate_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
