/* A descriptor's bytes as blocks and lines: all of them reach the sink, until the end, an error, or the word to stop.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "otel-log/reader.h"

static char blocks[256], lines[256]; /* what came, lines with '|' behind each */
static int stop = -1;
static const char *path;

static void take_block(void *context, const char *bytes, size_t size)
{
    assert_ptr_equal(context, blocks);
    strncat(blocks, bytes, size);
}

static void take_line(void *context, const char *from, const otel__line *line)
{
    (void)context;
    assert_ptr_equal(from, path);
    strncat(lines, line->text, line->size);
    strcat(lines, "|");
    if (stop >= 0) assert_int_equal(eventfd_write(stop, 1), 0);
}

static const otel__sink sink = {.block = take_block, .line = take_line, .context = blocks};
static otel__reader reader;

static int set_up(void **state)
{
    (void)state;
    blocks[0] = lines[0] = '\0';
    path = "a path";
    return otel__reader_open(&reader, &sink, path) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    otel__reader_close(&reader);
    return 0;
}

static int pipe_with(const char *text, int *writing_end)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    *writing_end = ends[1];
    return ends[0];
}

static void test_everything_arrives(void **state)
{
    (void)state;
    int writing_end, fd = pipe_with("one\n\ntwo\nlast", &writing_end);
    close(writing_end);
    assert_int_equal(otel__reader_read_all(&reader, fd, -1), 0);
    assert_string_equal(blocks, "one\n\ntwo\nlast");
    assert_string_equal(lines, "one||two|last|");
    close(fd);
}

static void test_stop_hands_out_what_was_read(void **state)
{
    (void)state;
    int writing_end, fd = pipe_with("a\nb\npart", &writing_end);
    stop = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(otel__reader_read_all(&reader, fd, stop), 0); /* although the pipe has no end */
    assert_string_equal(lines, "a|b|part|");
    assert_int_equal(write(writing_end, "unread\n", 7), 7);
    assert_int_equal(otel__reader_read_all(&reader, fd, stop), 0);
    assert_string_equal(lines, "a|b|part|");
    close(fd);
    close(writing_end);
    close(stop);
    stop = -1;
}

static void test_errors_end_the_input(void **state)
{
    (void)state;
    int directory = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(otel__reader_read_all(&reader, directory, -1), EISDIR);
    close(directory);
    assert_int_equal(otel__reader_read_all(&reader, directory, -1), EBADF);
    assert_string_equal(blocks, "");
}

static void test_an_end_between_two_files(void **state)
{
    (void)state;
    size_t room;
    memcpy(otel__reader_room(&reader, &room), "a\npart", 6);
    otel__reader_take(&reader, 6);
    assert_string_equal(lines, "a|");
    otel__reader_end(&reader);
    otel__reader_end(&reader);
    memcpy(otel__reader_room(&reader, &room), "new\n", 4);
    otel__reader_take(&reader, 4);
    assert_string_equal(lines, "a|part|new|");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_everything_arrives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stop_hands_out_what_was_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errors_end_the_input, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_end_between_two_files, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
