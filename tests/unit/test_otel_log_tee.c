/* The copy: byte for byte into slow, closed and full places, and never in the way of a stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "otel-log/tee.h"

enum { SIZE = 1000000 };

static char sent[SIZE], received[SIZE + 1];
static int ends[2];
static otel__tee copy;

static int set_up(void **state)
{
    (void)state;
    for (int i = 0; i < SIZE; i++) sent[i] = (char)(i * 7 + i / 251);
    return pipe(ends);
}

static void *read_slowly(void *unused)
{
    (void)unused;
    size_t size = 0;
    for (ssize_t got = 1; got > 0; size += (size_t)got) {
        size_t most = size % 3 ? 999 : 70000;
        if (most > sizeof received - size) most = sizeof received - size;
        got = read(ends[0], received + size, most);
        if (size % 5 == 0) usleep(100);
    }
    return (void *)size;
}

static void test_all_of_it(void **state)
{
    (void)state;
    pthread_t reader;
    void *size;
    assert_int_equal(pthread_create(&reader, NULL, read_slowly, NULL), 0);
    otel__tee_init(&copy, ends[1], -1);
    otel__tee_write(&copy, sent, SIZE - 10);
    otel__tee_write(&copy, sent + SIZE - 10, 0);
    otel__tee_write(&copy, sent + SIZE - 10, 10);
    close(ends[1]);
    pthread_join(reader, &size);
    close(ends[0]);
    assert_int_equal((size_t)size, SIZE);
    assert_memory_equal(sent, received, SIZE);
    assert_false(copy.broken || copy.failed);
}

static void test_nobody_reads_any_more(void **state)
{
    (void)state;
    close(ends[0]);
    otel__tee_init(&copy, ends[1], -1);
    otel__tee_write(&copy, sent, SIZE);
    assert_true(copy.broken);
    assert_false(copy.failed);
    otel__tee_write(&copy, sent, SIZE);
    close(ends[1]);
}

static void test_no_room_on_the_disk(void **state)
{
    (void)state;
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    otel__tee_init(&copy, full, -1);
    otel__tee_write(&copy, sent, 1);
    assert_true(copy.broken && copy.failed);
    close(full);
    close(ends[0]);
    close(ends[1]);
}

/* The pipe is full and its reader asleep: this ends, which is all the test asks for. */
static void test_stop_is_not_held_up(void **state)
{
    (void)state;
    int stop = eventfd(1, EFD_CLOEXEC);
    otel__tee_init(&copy, ends[1], stop);
    otel__tee_write(&copy, sent, 100);
    assert_false(copy.broken);
    otel__tee_write(&copy, sent, SIZE);
    assert_true(copy.broken && copy.failed);
    close(ends[0]);
    close(ends[1]);
    close(stop);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_all_of_it, set_up),
        cmocka_unit_test_setup(test_nobody_reads_any_more, set_up),
        cmocka_unit_test_setup(test_no_room_on_the_disk, set_up),
        cmocka_unit_test_setup(test_stop_is_not_held_up, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
