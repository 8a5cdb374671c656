/* <otel/bridges/printf.h>: source written for printf, as it stands below the include. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "bridge_fixture.h"
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define OTEL_BRIDGE_REPLACE_PRINTF
#include <otel/bridges/printf.h>

static void streams_become_severities(void **unused)
{
    (void)unused;
    listen_begin();
    assert_int_equal(printf("to %s\n", "stdout"), 10);
    int line = __LINE__ - 1;
    assert_true(says(heard_last(), "to stdout") && heard_last()->severity == OTEL_SEVERITY_INFO);
    assert_true(has_number(heard_last(), "code.line.number", line));
    assert_true(attr_is(heard_last(), "code.function.name", "streams_become_severities"));
    assert_string_equal(heard_last()->scope->name, "printf");
    fprintf(stdout, "the same");
    assert_true(heard_last()->severity == OTEL_SEVERITY_INFO);
    assert_int_equal(fprintf(stderr, "%d", 42), 2);
    assert_true(says(heard_last(), "42") && heard_last()->severity == OTEL_SEVERITY_WARN);
    puts("a line");
    assert_true(says(heard_last(), "a line"));
    assert_int_equal(heard(), 4);
    listen_end();
}

static void perror_names_the_error(void **unused)
{
    (void)unused;
    listen_begin();
    errno = ENOENT;
    perror("open");
    assert_int_equal(errno, ENOENT);
    assert_true(says(heard_last(), "open: No such file or directory"));
    assert_true(heard_last()->severity == OTEL_SEVERITY_ERROR);
    perror(NULL);
    assert_true(says(heard_last(), "No such file or directory"));
    perror("");
    assert_true(says(heard_last(), "No such file or directory"));
    listen_end();
}

static void each_piece_is_a_record_and_blank_is_none(void **unused)
{
    (void)unused;
    listen_begin();
    printf("a=");
    printf("%d\n", 1);
    printf("\n");
    assert_int_equal(heard(), 2);
    assert_true(says(heard_at(0), "a=") && says(heard_at(1), "1"));
    listen_end();
}

static int evaluated;
static int once(void)
{
    return ++evaluated;
}

static void other_streams_are_written(void **unused)
{
    (void)unused;
    char text[32] = "";
    FILE *file = tmpfile();
    assert_non_null(file);
    listen_begin();
    evaluated = 0;
    assert_int_equal(fprintf(file, "n=%d\n", once()), 4);
    assert_int_equal(evaluated, 1);
    assert_int_equal(heard(), 0);
    rewind(file);
    assert_non_null(fgets(text, sizeof text, file));
    assert_string_equal(text, "n=1\n");
    listen_end();
    fclose(file);
}

/* Standard output into a pipe, while `body` runs. */
static void with_output(void (*body)(void), char *text, size_t size)
{
    int ends[2], before = dup(STDOUT_FILENO);
    fflush(stdout);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDOUT_FILENO);
    body();
    fflush(stdout);
    dup2(before, STDOUT_FILENO);
    close(before);
    close(ends[1]);
    ssize_t n = read(ends[0], text, size - 1);
    close(ends[0]);
    text[n < 0 ? 0 : n] = 0;
}

static void print_once(void)
{
    printf("n=%d\n", once());
}

static void without_a_provider_it_is_printed(void **unused)
{
    (void)unused;
    char text[64];
    evaluated = 0;
    with_output(print_once, text, sizeof text);
    assert_string_equal(text, "n=1\n");
    listen_begin();
    with_output(print_once, text, sizeof text);
    assert_string_equal(text, "");
    assert_true(says(heard_last(), "n=2"));
    listen_end();
}

static void long_output_answers_its_length(void **unused)
{
    (void)unused;
    listen_begin();
    assert_int_equal(printf("%*d", 20000, 1), 20000);
    assert_int_equal(heard_last()->body.size, 8192);
    listen_end();
}

static void a_missing_format_is_an_error(void **unused)
{
    (void)unused;
    assert_int_equal(otel_bridge_fprintf(otel_bridge_printf_logger(), NULL, 0, NULL, NULL, NULL), -1);
}

static void say_once(void)
{
    fprintf(stderr, "once\n");
}

static void fail_once(void)
{
    perror("once");
}

static void nobody_feeds_himself(void **unused)
{
    (void)unused;
    expect_no_loop(say_once);
    expect_no_loop(fail_once);
    expect_errno_kept(say_once);
    expect_errno_kept(fail_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_become_severities),
        cmocka_unit_test(perror_names_the_error),
        cmocka_unit_test(each_piece_is_a_record_and_blank_is_none),
        cmocka_unit_test(other_streams_are_written),
        cmocka_unit_test(without_a_provider_it_is_printed),
        cmocka_unit_test(long_output_answers_its_length),
        cmocka_unit_test(a_missing_format_is_an_error),
        cmocka_unit_test(nobody_feeds_himself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
