/* Lines of bytes: long ones, cut ones, odd bytes, and blocks of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "otel-log/lines.h"

static struct {
    const char *at;
    size_t size;
    size_t step; /* bytes a block; 0: as many as there is room for */
} fed;

static void begin(otel__lines *lines, const char *bytes, size_t size, size_t step)
{
    fed.at = bytes;
    fed.size = size;
    fed.step = step;
    assert_true(otel__lines_open(lines));
}

static void feed(otel__lines *lines)
{
    size_t room;
    char *to = otel__lines_room(lines, &room);
    assert_true(room > 0);
    size_t size = fed.size < room ? fed.size : room;
    if (fed.step && size > fed.step) size = fed.step;
    memcpy(to, fed.at, size);
    otel__lines_added(lines, size);
    fed.at += size;
    fed.size -= size;
}

static bool next(otel__lines *lines, otel__line *line)
{
    while (!otel__lines_next(lines, line)) {
        if (fed.size == 0) return otel__lines_rest(lines, line);
        feed(lines);
    }
    return true;
}

static void end(otel__lines *lines)
{
    otel__line line;
    assert_false(next(lines, &line));
    assert_false(next(lines, &line));
    otel__lines_close(lines);
}

static void next_is(otel__lines *lines, const char *text, size_t size)
{
    otel__line line;
    assert_true(next(lines, &line));
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
        assert_true(next(&lines, &line));
        assert_true(line.cut);
        assert_int_equal(line.size, most);
        next_is(&lines, "after", 5);
        end(&lines);
        begin(&lines, text, total - 7, 0); /* and without an end */
        assert_true(next(&lines, &line));
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

/* A file that is replaced in the middle of a line. */
static void test_a_rest_ends_its_line(void **state)
{
    (void)state;
    otel__lines lines;
    begin(&lines, "a\npart", 6, 0);
    next_is(&lines, "a", 1);
    next_is(&lines, "part", 4);
    fed.at = "new\n";
    fed.size = 4;
    next_is(&lines, "new", 3);
    end(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_of_all_kinds),
        cmocka_unit_test(test_no_lines),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_longer_lines_are_cut),
        cmocka_unit_test(test_many_lines_stay_in_one_buffer),
        cmocka_unit_test(test_a_rest_ends_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
