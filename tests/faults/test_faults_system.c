/* Every call to the operating system that may fail does, one after the other. Each time a whole program
 * (faults_scenario) runs with a receiver that works: it must end by itself, in time, with books that balance, and say
 * so when it could not start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "each_call.h"

static const faulty_call of_the_system[] = {
    {"mmap", 5},      {"madvise", 3},        {"epoll_create1", 2}, {"epoll_ctl", 2}, {"epoll_wait", 2},
    {"eventfd", 1},   {"pthread_create", 1}, {"read", 1},          {"write", 0},     {"readlink", 0},
    {"getrandom", 1}, {"membarrier", 1},     {"open", 0},          {"fcntl", 1},
};
static const faulty_call of_the_network[] = {
    {"socket", 1}, {"socketpair", 0}, {"connect", 1},    {"send", 1},
    {"recv", 1},   {"setsockopt", 0}, {"getsockopt", 0}, {"poll", 0},
};

static void calls_to_the_system_fail(void **state)
{
    (void)state;
    fail_each_of(of_the_system, sizeof of_the_system / sizeof *of_the_system);
}

static void calls_to_the_network_fail(void **state)
{
    (void)state;
    fail_each_of(of_the_network, sizeof of_the_network / sizeof *of_the_network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_to_the_system_fail),
        cmocka_unit_test(calls_to_the_network_fail),
    };
    return cmocka_run_group_tests(tests, faults_begin, faults_end);
}
