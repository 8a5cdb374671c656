/* Tests of exporters/azure_monitor/src/descriptors.c: two descriptors in one, and waiting. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "azure_monitor/src/descriptors.h"
#include <fcntl.h>
#include <otel/sdk/deadline.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int readable(int fd)
{
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    return poll(&watched, 1, 0);
}

static void either_is_enough(void **state)
{
    (void)state;
    int ends[] = {eventfd(0, EFD_CLOEXEC), eventfd(0, EFD_CLOEXEC)};
    int both = otel__azure_descriptor_join(ends[0], ends[1]);
    assert_true(both >= 0);
    assert_true(fcntl(both, F_GETFD) & FD_CLOEXEC);
    for (size_t i = 0; i < 2; i++) {
        uint64_t one = 1;
        assert_int_equal(readable(both), 0);
        assert_int_equal(write(ends[i], &one, sizeof one), sizeof one);
        assert_int_equal(readable(both), 1);
        assert_int_equal(read(ends[i], &one, sizeof one), sizeof one);
    }
    otel__azure_descriptor_close(both);
    assert_int_equal(fcntl(both, F_GETFD), -1);
    otel__azure_descriptor_close(-1);
    for (size_t i = 0; i < 2; i++) close(ends[i]);
}

static void what_cannot_be_joined_is_not(void **state)
{
    (void)state;
    int end = eventfd(0, EFD_CLOEXEC), next = dup(end);
    close(next);
    assert_int_equal(otel__azure_descriptor_join(end, -1), -1);
    assert_int_equal(otel__azure_descriptor_join(-1, end), -1);
    assert_int_equal(dup(end), next); /* nothing was left open */
    close(next);
    close(end);
}

static void a_wait_ends(void **state)
{
    (void)state;
    int end = eventfd(1, EFD_CLOEXEC);
    otel_deadline later = otel_deadline_in_ms(20000), soon = otel_deadline_in_ms(20);
    otel__azure_descriptor_wait(end, later.monotonic_ns); /* it is readable */
    assert_true(otel_deadline_left_ms(later) > 0);
    otel__azure_descriptor_wait(-1, soon.monotonic_ns);
    assert_int_equal(otel_deadline_left_ms(soon), 0);
    otel__azure_descriptor_wait(-1, 0); /* has passed */
    close(end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(either_is_enough),
        cmocka_unit_test(what_cannot_be_joined_is_not),
        cmocka_unit_test(a_wait_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
