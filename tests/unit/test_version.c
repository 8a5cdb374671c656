/* The version that the library tells is the headers'. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <otel/sdk/sdk.h>

static void it_is_the_headers_own(void **unused)
{
    (void)unused;
    assert_string_equal(otel_version(), OTEL_SDK_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_the_headers_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
