/* Files that are followed: appended to, rotated in every way, missing, replaced, cut short, written anew. Every look is
 * made by the test itself, so nothing here depends on time, apart from the last test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "otel-log/follow.h"

static char directory[] = "/tmp/otel-follow-XXXXXX";
static char got[4096]; /* lines with '|' behind each */
static size_t taken;   /* bytes in blocks */
static otel__follow *follow;

static void take_block(void *context, const char *bytes, size_t size)
{
    (void)context, (void)bytes;
    taken += size;
}

static void take_line(void *context, const char *path, const otel__line *line)
{
    size_t used = strlen(got);
    (void)context;
    assert_true(used + strnlen(line->text, line->size) + 8 < sizeof got);
    if (strcmp(path, "a.log") != 0) strcat(got, path);
    strncat(got, line->text, line->size);
    strcat(got, "|");
}

static const otel__sink sink = {.block = take_block, .line = take_line};

static void put(const char *path, const char *text, int flags)
{
    int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void append(const char *path, const char *text)
{
    put(path, text, O_APPEND);
}

static void overwrite(const char *path, const char *text)
{
    put(path, text, O_TRUNC);
}

static void open_all(const char *const *paths, size_t count, bool from_start)
{
    follow = otel__follow_open(paths, count, from_start, &sink);
    assert_non_null(follow);
}

static void open_one(bool from_start)
{
    static const char *const paths[] = {"a.log"};
    open_all(paths, 1, from_start);
}

/* What came since the last time. */
static void expect(const char *lines)
{
    while (otel__follow_look(follow)) continue;
    assert_string_equal(got, lines);
    got[0] = '\0';
}

static int set_up(void **state)
{
    (void)state;
    got[0] = '\0';
    taken = 0;
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
    return mkdtemp(directory) && chdir(directory) == 0 ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[64];
    if (follow) otel__follow_close(follow);
    follow = NULL;
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return chdir("/") == 0 ? system(command) : 1;
}

static void test_appended_lines(void **state)
{
    (void)state;
    append("a.log", "old\n");
    open_one(false);
    expect("");
    append("a.log", "one\ntwo\npart");
    expect("one|two|");
    append("a.log", "ly\n\n");
    expect("partly||");
    assert_int_equal(taken, 16);
}

static void test_from_start(void **state)
{
    (void)state;
    append("a.log", "old\nlast");
    open_one(true);
    expect("old|");
    otel__follow_close(follow);
    follow = NULL;
    assert_string_equal(got, "last|");
}

static void test_a_file_that_is_not_there_yet(void **state)
{
    (void)state;
    open_one(false);
    expect("");
    append("a.log", "first\n");
    expect("first|");
}

static void test_a_directory_that_is_not_there_yet(void **state)
{
    (void)state;
    static const char *const paths[] = {"new/b.log"};
    open_all(paths, 1, false);
    otel__follow_notice(follow);
    expect("");
    assert_int_equal(mkdir("new", 0700), 0);
    append("new/b.log", "first\n");
    expect("new/b.logfirst|");
}

static void test_a_directory_that_is_made_anew(void **state)
{
    (void)state;
    static const char *const paths[] = {"new/b.log"};
    open_all(paths, 1, false);
    otel__follow_notice(follow);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(mkdir("new", 0700), 0);
        expect("");
        append("new/b.log", "0\n");
        assert_int_equal(rename("new/b.log", "new/b.log.1"), 0); /* only a watch on this directory tells of it */
        append("new/b.log", "1\n");
        expect("new/b.log0|new/b.log1|");
        assert_int_equal(system("rm -rf new"), 0);
        if (i == 0) expect("");
    }
}

static void test_rename_and_create(void **state)
{
    (void)state;
    append("a.log", "old\n");
    open_one(false);
    append("a.log", "one\nend");
    expect("one|");
    assert_int_equal(rename("a.log", "a.log.1"), 0);
    expect("");
    append("a.log.1", " of it\n"); /* whoever has it open goes on writing to it */
    append("a.log", "new\n");
    expect("end of it|new|");
    append("a.log", "newer\n");
    append("a.log.1", "late\n");
    expect("late|newer|");
}

static void test_renamed_back(void **state)
{
    (void)state;
    open_one(true);
    append("a.log", "one\n");
    expect("one|");
    assert_int_equal(rename("a.log", "a.log.1"), 0);
    append("a.log", "two\n");
    expect("two|");
    assert_int_equal(rename("a.log.1", "a.log"), 0);
    append("a.log", "three\n");
    expect("three|");
}

static void test_delete_and_create(void **state)
{
    (void)state;
    open_one(true);
    append("a.log", "one\n");
    expect("one|");
    int writer = open("a.log", O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(unlink("a.log"), 0);
    assert_int_equal(write(writer, "two\n", 4), 4);
    expect("two|");
    append("a.log", "new\n");
    assert_int_equal(write(writer, "three\n", 6), 6);
    close(writer);
    expect("three|new|");
}

static int open_descriptors(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++) count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void test_many_rotations(void **state)
{
    (void)state;
    char expected[1024] = "";
    int before = open_descriptors();
    open_one(true);
    for (int i = 0; i < 30; i++) {
        char line[16], old[16];
        snprintf(line, sizeof line, "%d\n", i);
        snprintf(old, sizeof old, "a.log.%d", i);
        append("a.log", line);
        otel__follow_look(follow);
        assert_int_equal(rename("a.log", old), 0);
        snprintf(line, sizeof line, "%d|", i);
        strcat(expected, line);
    }
    expect(expected);
    assert_in_range(open_descriptors() - before, 2, 9);
}

/* As fast as a program may do it: nobody looks in between. */
static void test_many_rotations_between_two_looks(void **state)
{
    (void)state;
    open_one(true);
    otel__follow_notice(follow);
    expect("");
    for (int i = 0; i < 7; i++) {
        char line[16];
        snprintf(line, sizeof line, "%d\n", i);
        append("a.log", line);
        if (i == 1) expect("0|1|");
        (void)rename("a.log.2", "a.log.3");
        (void)rename("a.log.1", "a.log.2");
        assert_int_equal(rename("a.log", "a.log.1"), 0);
    }
    expect("4|5|6|"); /* 2 and 3 have been overwritten */
}

/* cp a.log a.log.1; : > a.log */
static void test_cut_short(void **state)
{
    (void)state;
    append("a.log", "old\n");
    open_one(false);
    append("a.log", "one\npart");
    expect("one|");
    overwrite("a.log", "");
    expect("");
    append("a.log", "two\n");
    expect("part|two|");
    overwrite("a.log", "3\n"); /* shorter than our place when we look */
    expect("3|");
    overwrite("a.log", "4\n"); /* as long as it was */
    expect("4|");
    overwrite("a.log", "five and more\nsix\n"); /* longer */
    expect("five and more|six|");
}

static void test_cut_short_and_the_same_again(void **state)
{
    (void)state;
    open_one(true);
    append("a.log", "same\n");
    expect("same|");
    overwrite("a.log", "");
    expect("");
    append("a.log", "same\n");
    expect("same|");
}

/* Its writer goes on at his own place: what lies before it is a hole. */
static void test_cut_short_under_a_writer_that_does_not_append(void **state)
{
    (void)state;
    open_one(true);
    for (int look = 0; look < 2; look++) {
        int writer = open("a.log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        assert_int_equal(write(writer, "one\n", 4), 4);
        expect("one|");
        assert_int_equal(truncate("a.log", 0), 0);
        if (look) expect("");
        assert_int_equal(write(writer, "two\n", 4), 4);
        expect("two|");
        close(writer);
        assert_int_equal(truncate("a.log", 0), 0);
        expect("");
    }
}

static void test_a_long_file_cut_short(void **state)
{
    (void)state;
    char line[200];
    memset(line, 'x', sizeof line);
    line[198] = '\n', line[199] = '\0';
    open_one(true);
    for (int i = 0; i < 5; i++) append("a.log", line);
    while (otel__follow_look(follow)) continue;
    assert_int_equal(taken, 5 * 199);
    got[0] = '\0';
    line[0] = 'y'; /* 64 bytes before our place are the same, and so is the length: nobody can know */
    line[190] = 'y';
    overwrite("a.log", line);
    for (int i = 0; i < 5; i++) append("a.log", line);
    while (otel__follow_look(follow)) continue;
    assert_int_equal(taken, 5 * 199 + 6 * 199);
}

static void test_symbolic_links(void **state)
{
    (void)state;
    append("one", "old\n");
    append("two", "in two\n");
    assert_int_equal(symlink("one", "a.log"), 0);
    open_one(false);
    append("one", "in one\n");
    expect("in one|");
    assert_int_equal(symlink("two", "fresh"), 0);
    assert_int_equal(rename("fresh", "a.log"), 0);
    append("one", "late\n");
    expect("late|in two|");
    assert_int_equal(rename("two", "three"), 0); /* dangling */
    expect("");
    append("two", "in the new two\n");
    expect("in the new two|");
}

static void test_several_files(void **state)
{
    (void)state;
    static const char *const paths[] = {"a.log", "b.log"};
    open_all(paths, 2, false);
    otel__follow_notice(follow);
    append("b.log", "1\n");
    append("a.log", "2\n");
    expect("2|b.log1|");
    append("b.log", "3");
    append("a.log", "4\n5");
    expect("4|");
    otel__follow_close(follow);
    follow = NULL;
    assert_string_equal(got, "5|b.log3|");
}

/* Neither is waited for inside open(2), nor read. */
static void test_what_is_no_file(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("a.log", 0600), 0);
    open_one(false);
    expect("");
    assert_int_equal(unlink("a.log"), 0);
    assert_int_equal(mkdir("a.log", 0700), 0);
    expect("");
    assert_int_equal(rmdir("a.log"), 0);
    append("a.log", "at last\n");
    expect("at last|");
}

static void test_a_large_file_in_turns(void **state)
{
    (void)state;
    enum { LINES = 4000, SIZE = 1000 };
    static char line[SIZE + 1];
    memset(line, '\0', SIZE);
    line[SIZE - 1] = '\n';
    int fd = open("a.log", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (int i = 0; i < LINES; i++) assert_int_equal(write(fd, line, SIZE), SIZE);
    close(fd);
    open_one(true);
    assert_true(otel__follow_look(follow));
    assert_true(taken < LINES * SIZE / 2);
    while (otel__follow_look(follow)) continue;
    assert_int_equal(taken, LINES * SIZE);
}

static void *stop_later(void *argument)
{
    const int *stop = argument;
    usleep(20000);
    append("a.log", "one\n");
    usleep(20000);
    append("a.log", "two\n");
    assert_int_equal(eventfd_write(*stop, 1), 0);
    return NULL;
}

/* What had been written before the word to stop came is there, whenever that was. */
static void test_run(void **state)
{
    (void)state;
    pthread_t thread;
    int stop = eventfd(0, EFD_CLOEXEC);
    open_one(false);
    otel__follow_notice(follow);
    assert_int_equal(pthread_create(&thread, NULL, stop_later, &stop), 0);
    assert_true(otel__follow_run(follow, stop));
    assert_string_equal(got, "one|two|");
    pthread_join(thread, NULL);
    close(stop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_appended_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_from_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_file_that_is_not_there_yet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_directory_that_is_not_there_yet, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_directory_that_is_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rename_and_create, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renamed_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_delete_and_create, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_rotations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_rotations_between_two_looks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_short_and_the_same_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_short_under_a_writer_that_does_not_append, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_long_file_cut_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_symbolic_links, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_several_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_large_file_in_turns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_run, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
