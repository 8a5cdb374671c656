/* Tests of exporters/http/src/pem.c: what can be seen to be of no use is said, and never shown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "pem.h"
#include "said.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define S3CRET "c2VjcmV0"
#define CERTIFICATE "-----BEGIN CERTIFICATE-----\n" S3CRET "\n-----END CERTIFICATE-----\n"
#define KEY "-----BEGIN PRIVATE KEY-----\n" S3CRET "\n-----END PRIVATE KEY-----\n"
#define ENCRYPTED "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" S3CRET "\n-----END ENCRYPTED PRIVATE KEY-----\n"
#define OLD_ENCRYPTED                                                                                                  \
    "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n" S3CRET                      \
    "\n-----END EC PRIVATE KEY-----\n"

static char path[] = "/tmp/otel-pem-XXXXXX";

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void expect(otel__pem_kind kind, const char *text, const char *fault)
{
    otel__pem pem = {0};
    write_file(text);
    said_clear();
    assert_true(otel__pem_open(&pem, kind, path, "test"));
    if (fault) {
        assert_non_null(otel__pem_fault(&pem));
        assert_non_null(strstr(otel__pem_fault(&pem), fault));
        said_expect(fault);
        said_expect(path);
        assert_null(strstr(said(), S3CRET));
    } else {
        assert_null(otel__pem_fault(&pem));
        assert_string_equal(said(), "");
    }
    otel__pem_close(&pem);
}

static void useless_files_are_said(void **state)
{
    (void)state;
    expect(OTEL__PEM_KEY, KEY, NULL);
    expect(OTEL__PEM_KEY, "-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n", NULL);
    expect(OTEL__PEM_KEY, ENCRYPTED, "is encrypted");
    expect(OTEL__PEM_KEY, OLD_ENCRYPTED, "is encrypted");
    expect(OTEL__PEM_KEY, CERTIFICATE, "no private key");
    expect(OTEL__PEM_KEY, "\x30\x82\x01" S3CRET, "no private key");
    expect(OTEL__PEM_CERTIFICATE, CERTIFICATE, NULL);
    expect(OTEL__PEM_CERTIFICATE, CERTIFICATE KEY, NULL);
    expect(OTEL__PEM_CERTIFICATE, CERTIFICATE ENCRYPTED, "is encrypted");
    expect(OTEL__PEM_CERTIFICATE, KEY, "no certificate");
    expect(OTEL__PEM_AUTHORITY, "hello " S3CRET, "no certificate");
}

static void a_file_may_come_later(void **state)
{
    (void)state;
    otel__pem pem = {0};
    unlink(path);
    said_clear();
    assert_true(otel__pem_open(&pem, OTEL__PEM_KEY, path, "test"));
    said_expect("cannot read");
    assert_non_null(otel__pem_fault(&pem));
    write_file(ENCRYPTED);
    assert_true(otel__pem_refresh(&pem));
    assert_non_null(strstr(otel__pem_fault(&pem), "encrypted"));
    write_file(KEY);
    assert_true(otel__pem_refresh(&pem));
    assert_null(otel__pem_fault(&pem));
    assert_false(otel__pem_refresh(&pem)); /* nothing new */
    unlink(path);
    assert_false(otel__pem_refresh(&pem)); /* the old bytes stay */
    assert_null(otel__pem_fault(&pem));
    otel__pem_close(&pem);
    assert_null(otel__pem_fault(&pem)); /* not configured: nothing wrong */
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(useless_files_are_said),
                                       cmocka_unit_test(a_file_may_come_later)};
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
