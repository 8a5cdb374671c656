/* Lines of a descriptor: long ones, cut ones, odd bytes, small reads, and the word to stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "otel-log/lines.h"

typedef struct feed {
    const char *bytes;
    size_t size;
    size_t step; /* bytes a write; 0: all */
    int fd;
} feed;

static void *write_all(void *argument)
{
    feed *f = argument;
    for (size_t done = 0; done < f->size;) {
        size_t step = f->step && f->step < f->size - done ? f->step : f->size - done;
        ssize_t written = write(f->fd, f->bytes + done, step);
        if (written <= 0) break;
        done += (size_t)written;
    }
    close(f->fd);
    return NULL;
}

static pthread_t writer;
static feed fed;
static int input;

static void begin(otel__lines *lines, const char *bytes, size_t size, size_t step)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    input = ends[0];
    fed = (feed){bytes, size, step, ends[1]};
    assert_int_equal(pthread_create(&writer, NULL, write_all, &fed), 0);
    assert_true(otel__lines_open(lines, input, -1));
}

static void end(otel__lines *lines)
{
    otel__line line;
    assert_false(otel__lines_next(lines, &line));
    assert_false(otel__lines_next(lines, &line));
    assert_int_equal(lines->error, 0);
    otel__lines_close(lines);
    pthread_join(writer, NULL);
    close(input);
}

static void next_is(otel__lines *lines, const char *text, size_t size)
{
    otel__line line;
    assert_true(otel__lines_next(lines, &line));
    assert_int_equal(line.size, size);
    assert_memory_equal(line.text, text, size);
    assert_false(line.cut);
}

static void test_lines_of_all_kinds(void **state)
{
    (void)state;
    static const char text[] = "one\n\ntw\0o\r\n\xFF\xFE\nlast";
    for (size_t step = 0; step < 4; step++) {
        otel__lines lines;
        begin(&lines, text, sizeof text - 1, step);
        next_is(&lines, "one", 3);
        next_is(&lines, "", 0);
        next_is(&lines, "tw\0o\r", 5);
        next_is(&lines, "\xFF\xFE", 2);
        next_is(&lines, "last", 4);
        end(&lines);
    }
}

static void test_no_lines(void **state)
{
    (void)state;
    otel__lines lines;
    begin(&lines, "", 0, 0);
    end(&lines);
    begin(&lines, "\n", 1, 0);
    next_is(&lines, "", 0);
    end(&lines);
}

/* Sizes on both sides of every border of the buffer, between short lines. */
static void test_long_lines(void **state)
{
    (void)state;
    static const size_t sizes[] = {1,       262142, 262143,         262144, 262145,         600000, 1048576, 3,
                                   1048577, 5,      (16 << 20) - 2, 2,      (16 << 20) - 1, 0,      70000};
    size_t count = sizeof sizes / sizeof sizes[0], total = 0;
    for (size_t i = 0; i < count; i++) total += sizes[i] + 1;
    char *text = malloc(total), *at = text;
    assert_non_null(text);
    for (size_t i = 0; i < count; i++) {
        memset(at, 'a' + (int)i, sizes[i]);
        at[sizes[i]] = '\n';
        at += sizes[i] + 1;
    }
    otel__lines lines;
    begin(&lines, text, total, 0);
    at = text;
    for (size_t i = 0; i < count; i++) {
        next_is(&lines, at, sizes[i]);
        at += sizes[i] + 1;
    }
    assert_true(lines.capacity <= OTEL__MAX_LINE_BYTES);
    end(&lines);
    free(text);
}

static void test_longer_lines_are_cut(void **state)
{
    (void)state;
    size_t most = OTEL__MAX_LINE_BYTES;
    for (size_t extra = 0; extra < 3000000; extra = extra * 7 + 1) {
        size_t total = most + extra + 7;
        char *text = malloc(total);
        assert_non_null(text);
        memset(text, 'x', total);
        memcpy(text + total - 7, "\nafter\n", 7);
        otel__lines lines;
        otel__line line;
        begin(&lines, text, total, 0);
        assert_true(otel__lines_next(&lines, &line));
        assert_true(line.cut);
        assert_int_equal(line.size, most);
        next_is(&lines, "after", 5);
        end(&lines);
        begin(&lines, text, total - 7, 0); /* and without an end */
        assert_true(otel__lines_next(&lines, &line));
        assert_true(line.cut);
        end(&lines);
        free(text);
    }
}

static void test_many_lines_stay_in_one_buffer(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    char *text = malloc(COUNT * 8);
    assert_non_null(text);
    for (int i = 0; i < COUNT; i++) {
        char number[9];
        snprintf(number, sizeof number, "%07d\n", i);
        memcpy(text + 8 * i, number, 8);
    }
    otel__lines lines;
    begin(&lines, text, COUNT * 8, 0);
    for (int i = 0; i < COUNT; i++) next_is(&lines, text + 8 * i, 7);
    assert_int_equal(lines.capacity, 256 * 1024);
    end(&lines);
    free(text);
}

static void test_stop_hands_out_what_was_read(void **state)
{
    (void)state;
    int ends[2], stop = eventfd(0, EFD_CLOEXEC);
    uint64_t one = 1;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a\nb\npart", 8), 8);
    otel__lines lines;
    otel__line line;
    assert_true(otel__lines_open(&lines, ends[0], stop));
    next_is(&lines, "a", 1);
    assert_int_equal(write(stop, &one, sizeof one), sizeof one);
    assert_int_equal(write(ends[1], "unread\n", 7), 7);
    next_is(&lines, "b", 1);
    next_is(&lines, "part", 4);
    assert_false(otel__lines_next(&lines, &line));
    otel__lines_close(&lines);
    close(ends[0]);
    close(ends[1]);
    close(stop);
}

static void test_errors_end_the_input(void **state)
{
    (void)state;
    otel__lines lines;
    otel__line line;
    int directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(otel__lines_open(&lines, directory, -1));
    assert_false(otel__lines_next(&lines, &line));
    assert_int_equal(lines.error, EISDIR);
    otel__lines_close(&lines);
    close(directory);
    assert_true(otel__lines_open(&lines, directory, -1)); /* closed */
    assert_false(otel__lines_next(&lines, &line));
    assert_int_equal(lines.error, EBADF);
    otel__lines_close(&lines);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_of_all_kinds),
        cmocka_unit_test(test_no_lines),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_longer_lines_are_cut),
        cmocka_unit_test(test_many_lines_stay_in_one_buffer),
        cmocka_unit_test(test_stop_hands_out_what_was_read),
        cmocka_unit_test(test_errors_end_the_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
