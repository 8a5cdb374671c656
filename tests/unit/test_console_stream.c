/* What the console exporter does when the stream is slow, full, closed, or nobody reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "console_fixture.h"

static bool signal_waits(void)
{
    sigset_t waiting;
    return sigpending(&waiting) == 0 && sigismember(&waiting, SIGPIPE) == 1;
}

/* The default action of SIGPIPE would end this test. */
static void a_reader_that_is_gone(void **state)
{
    sigset_t mask;
    (void)state;
    signal(SIGPIPE, SIG_DFL);
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_close_reader();
    console_emit_text("nobody", NULL, 0);
    console_emit_text("again", NULL, 0);
    console_restore();
    assert_int_equal(console_seen.answers, 2);
    assert_int_equal(console_seen.status, OTEL_EXPORT_REFUSED);
    assert_string_equal(console_seen.call.message, "standard output: nobody reads it any more");
    assert_false(signal_waits());
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    assert_int_equal(sigismember(&mask, SIGPIPE), 0);
}

/* A SIGPIPE that waited before belongs to the host. */
static void a_signal_of_the_host_stays(void **state)
{
    sigset_t only;
    (void)state;
    sigemptyset(&only);
    sigaddset(&only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &only, NULL);
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    console_close_reader();
    console_emit_text("nobody", NULL, 0);
    bool ours = signal_waits();
    raise(SIGPIPE);
    console_emit_text("nobody", NULL, 0);
    bool theirs = signal_waits();
    console_restore();
    sigtimedwait(&only, NULL, &(struct timespec){0, 0});
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    assert_false(ours);
    assert_true(theirs);
}

static void a_stream_that_was_closed_later(void **state)
{
    (void)state;
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start(&console_plain);
    close(STDOUT_FILENO);
    console_emit_text("nobody", NULL, 0);
    console_restore();
    assert_int_equal(console_seen.status, OTEL_EXPORT_REFUSED);
    assert_string_equal(console_seen.call.message, "standard output is closed");
}

static void say_nothing(otel_severity severity, const char *text, void *user)
{
    (void)severity;
    (void)text;
    (void)user;
}

/* A daemon without standard streams opens its database and gets their numbers. */
static void a_file_of_the_host_is_left_alone(void **state)
{
    int ends[2];
    char byte;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    console_redirect_to_pipe(STDERR_FILENO);
    close(STDERR_FILENO);
    otel_diag_set_handler(say_nothing, NULL);
    otel_log_exporter *console = otel_console_exporter_new(&(otel_console_options){.stream = OTEL_CONSOLE_STDERR});
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    close(ends[1]);
    console_start_with(otel_simple_log_processor_new(console_spy_on(console, 0)));
    console_emit_text("hello", NULL, 0);
    console_restore();
    otel_diag_set_handler(NULL, NULL);
    assert_int_equal(read(ends[0], &byte, 1), 0); /* the end: nothing was written */
    close(ends[0]);
    assert_int_equal(console_seen.status, OTEL_EXPORT_REFUSED);
    assert_string_equal(console_seen.call.message, "standard error is closed");
}

static void a_full_disk_may_empty(void **state)
{
    (void)state;
    console_redirect(STDOUT_FILENO, open("/dev/full", O_WRONLY | O_CLOEXEC));
    console_start_limited(200);
    console_emit_text("hello", NULL, 0);
    console_restore();
    assert_int_equal(console_seen.status, OTEL_EXPORT_RETRY);
    assert_string_equal(console_seen.call.message, "standard output: no space left");
}

static void fill(int stream)
{
    static char zeros[4096];
    int flags = fcntl(stream, F_GETFL);
    fcntl(stream, F_SETFL, flags | O_NONBLOCK);
    while (write(stream, zeros, sizeof zeros) > 0) continue;
    fcntl(stream, F_SETFL, flags);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether the host made the pipe non-blocking or not. */
static void a_full_pipe_meets_the_deadline(void **state)
{
    (void)state;
    for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
        console_redirect_to_pipe(STDOUT_FILENO);
        fcntl(STDOUT_FILENO, F_SETFL, flags);
        console_start_limited(100);
        fill(STDOUT_FILENO);
        int64_t begin = now_ms();
        console_emit_text("late", NULL, 0);
        int64_t took = now_ms() - begin;
        console_restore();
        assert_true(took >= 90 && took < 30000);
        assert_int_equal(console_seen.status, OTEL_EXPORT_RETRY);
        assert_string_equal(console_seen.call.message, "standard output did not take the text in time");
        console_close_reader();
        console_stop();
    }
}

/* A pipe that blocks, with room for one page and a reader that sleeps: not even then does a write wait for ever. */
static void a_stuck_reader_meets_the_deadline(void **state)
{
    static char body[20001], page[4096];
    (void)state;
    memset(body, 'x', sizeof body - 1);
    console_redirect_to_pipe(STDOUT_FILENO);
    console_start_limited(100);
    fill(STDOUT_FILENO);
    assert_int_equal(read(console_test.reader, page, sizeof page), sizeof page);
    console_emit_text(body, NULL, 0);
    console_restore();
    assert_int_equal(console_seen.status, OTEL_EXPORT_REFUSED); /* begun: not to be sent again */
    assert_string_equal(console_seen.call.message, "standard output did not take the text in time");
}

/* Reads slowly until the end, into one long string. */
typedef struct slow_reader {
    int from;
    size_t length;
    char text[1 << 20];
} slow_reader;

static void *read_slowly(void *argument)
{
    slow_reader *reader = argument;
    for (ssize_t n; (n = read(reader->from, reader->text + reader->length, 5000)) != 0;) {
        if (n > 0) reader->length += (size_t)n;
        usleep(300);
    }
    return NULL;
}

static void on_alarm(int number)
{
    (void)number;
}

/* Short writes, EAGAIN, and a signal every millisecond. */
static void a_long_line_and_a_slow_reader(void **state)
{
    static slow_reader reader;
    static char body[300001];
    pthread_t thread;
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    struct sigaction action = {.sa_handler = on_alarm}; /* no SA_RESTART */
    (void)state;
    for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
        memset(body, 'x', sizeof body - 1);
        console_redirect_to_pipe(STDOUT_FILENO);
        fcntl(STDOUT_FILENO, F_SETFL, flags);
        reader.from = console_test.reader;
        reader.length = 0;
        console_start(&console_plain);
        sigaction(SIGALRM, &action, NULL);
        assert_int_equal(pthread_create(&thread, NULL, read_slowly, &reader), 0);
        setitimer(ITIMER_REAL, &often, NULL);
        console_emit_text(body, NULL, 0);
        setitimer(ITIMER_REAL, &never, NULL);
        console_restore();
        pthread_join(thread, NULL);
        assert_int_equal(console_seen.status, OTEL_EXPORT_OK);
        assert_true(reader.length > sizeof body + 24);
        assert_int_equal(reader.text[reader.length - 1], '\n');
        assert_memory_equal(strchr(reader.text, 'x'), body, sizeof body - 1);
        console_close_reader();
        console_stop();
    }
}

/* A socket that keeps the borders of writes shows how many there were. */
static void a_batch_is_one_write(void **state)
{
    int ends[2];
    char text[4096];
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    console_test.reader = ends[0];
    console_redirect(STDOUT_FILENO, ends[1]);
    console_start_with(otel_batch_log_processor_new(console_spy_on(otel_console_exporter_new(&console_plain), 0),
                                                    &(otel_batch_options){.schedule_delay_ms = 60000}));
    console_emit_text("one", NULL, 0);
    console_emit_text("two", NULL, 0);
    console_emit_text("three", NULL, 0);
    assert_int_equal(otel_provider_flush(console_test.provider, 60000), OTEL_OK);
    console_restore();
    ssize_t n = recv(console_test.reader, text, sizeof text - 1, MSG_DONTWAIT);
    assert_true(n > 0);
    text[n] = '\0';
    assert_non_null(strstr(text, ": one "));
    assert_non_null(strstr(text, ": two "));
    assert_non_null(strstr(text, ": three "));
    assert_true(recv(console_test.reader, text, sizeof text, MSG_DONTWAIT) <= 0);
    assert_int_equal(console_seen.answers, 1);
}

/* Half of a batch fits into the pipe: what is out is exported, the rest is not sent twice, and the line that was torn
 * does not swallow the next. */
static void a_batch_that_is_cut(void **state)
{
    static char body[1001];
    (void)state;
    memset(body, 'x', sizeof body - 1);
    console_redirect_to_pipe(STDOUT_FILENO);
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    console_start_with(otel_batch_log_processor_new(
        console_spy_on(otel_console_exporter_new(&console_plain), 100),
        &(otel_batch_options){.schedule_delay_ms = 60000, .max_queue_size = 300, .max_export_batch_size = 300}));
    for (int i = 0; i < 100; i++) console_emit_text(body, NULL, 0);
    otel_provider_flush(console_test.provider, 3000);
    assert_int_equal(console_seen.status, OTEL_EXPORT_OK);
    uint32_t sent = 100 - console_seen.call.rejected;
    assert_true(sent > 0 && sent < 100);
    assert_string_equal(console_seen.call.message, "standard output did not take the text in time");

    static char first[1 << 17];
    ssize_t n = read(console_test.reader, first, sizeof first - 1);
    uint32_t lines = 0;
    for (ssize_t i = 0; i < n; i++) lines += first[i] == '\n';
    assert_int_equal(lines, sent);
    assert_true(first[n - 1] != '\n');
    console_emit_text("next", NULL, 0);
    otel_provider_flush(console_test.provider, 3000);
    const char *text = console_output();
    assert_memory_equal(text, "\n2026-11-23T20:15:04.123Z INFO  shop.checkout: next ", 52);
}

static void export_many(uint32_t count, const char *body)
{
    static slow_reader reader;
    const otel_batch_options one_batch = {
        .schedule_delay_ms = 60000, .max_queue_size = 4096, .max_export_batch_size = 4096};
    pthread_t thread;
    uint32_t lines = 0;
    console_redirect_to_pipe(STDOUT_FILENO);
    reader.from = console_test.reader;
    reader.length = 0;
    console_start_with(
        otel_batch_log_processor_new(console_spy_on(otel_console_exporter_new(&console_plain), 0), &one_batch));
    assert_int_equal(pthread_create(&thread, NULL, read_slowly, &reader), 0);
    for (uint32_t i = 0; i < count; i++) console_emit_text(body, NULL, 0);
    assert_int_equal(otel_provider_flush(console_test.provider, 60000), OTEL_OK);
    console_stop();
    console_restore();
    pthread_join(thread, NULL);
    for (size_t i = 0; i < reader.length; i++) lines += reader.text[i] == '\n';
    assert_int_equal(lines, count);
    assert_int_equal(console_seen.status, OTEL_EXPORT_OK);
    console_close_reader();
}

static void batches_longer_than_one_write(void **state)
{
    static char body[2001];
    (void)state;
    memset(body, 'x', sizeof body - 1);
    export_many(200, body); /* many bytes */
    export_many(1500, "");  /* many records */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reader_that_is_gone),
        TEST(a_signal_of_the_host_stays),
        TEST(a_stream_that_was_closed_later),
        TEST(a_file_of_the_host_is_left_alone),
        TEST(a_full_disk_may_empty),
        TEST(a_full_pipe_meets_the_deadline),
        TEST(a_stuck_reader_meets_the_deadline),
        TEST(a_long_line_and_a_slow_reader),
        TEST(a_batch_is_one_write),
        TEST(a_batch_that_is_cut),
        TEST(batches_longer_than_one_write),
    };
    alarm(100); /* a hang is a failure */
    return cmocka_run_group_tests_name("console stream", tests, NULL, NULL);
}
