/* Errands of the desk's alerts: processes that get their message, in order, and are ended when they take too long. */
#include "collector_desk/alerts/alert_errand.c"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

enum { DEADLINE_MS = 60000 };

uint64_t desk_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static char out[64], said[1000];
static unsigned over;
static const char *const no_variables[] = {NULL};

static void note(void *context, const desk_alert_rule *rule, const char *words)
{
    size_t used = strlen(said);
    assert_non_null(rule);
    assert_ptr_equal(context, said);
    over++;
    snprintf(said + used, sizeof said - used, "[%s]", words);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(out, "/tmp/desk-errand-XXXXXX");
    int file = mkstemp(out);
    said[0] = '\0';
    over = 0;
    setenv("OUT", out, 1);
    return file < 0 || close(file) != 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(out);
}

static desk_errands open_errands(void)
{
    return (desk_errands){.done = note, .context = said};
}

static desk_alert_rule command(const char *text)
{
    return (desk_alert_rule){.command = (char *)(uintptr_t)text, .notify_timeout_ms = DEADLINE_MS};
}

static void add(desk_errands *errands, const desk_alert_rule *rule, const char *json, const char *const *variables)
{
    assert_true(desk_errands_add(errands, rule, DESK_COMMAND, (desk_text){json, strlen(json)}, variables));
}

static void wait_for(desk_errands *errands, unsigned count)
{
    uint64_t end = desk_now_ms() + DEADLINE_MS;
    while (over < count && desk_now_ms() < end) {
        desk_errands_look(errands, desk_now_ms());
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    assert_int_equal(over, count);
}

static void expect_output(const char *expected)
{
    char text[1000] = "";
    int file = open(out, O_RDONLY | O_CLOEXEC);
    ssize_t got = read(file, text, sizeof text - 1);
    assert_true(got >= 0);
    close(file);
    assert_string_equal(text, expected);
}

static void a_command_gets_its_message(void **state)
{
    const char *const variables[] = {"ALERT_NAME=too many $(errors); `x`", "ALERT_STATE=firing", NULL};
    desk_errands errands = open_errands();
    desk_alert_rule rule = command("cat >\"$OUT\"; printf ' %s %s' \"$ALERT_NAME\" \"$ALERT_STATE\" >>\"$OUT\"");
    (void)state;
    assert_int_equal(desk_errands_timeout_ms(&errands, 0), -1);
    add(&errands, &rule, "{\"name\":\"x\"}", variables);
    assert_int_equal(desk_errands_timeout_ms(&errands, desk_now_ms()), 0);
    wait_for(&errands, 1);
    expect_output("{\"name\":\"x\"} too many $(errors); `x` firing");
    assert_string_equal(said, "[]");
    assert_int_equal(desk_errands_timeout_ms(&errands, 0), -1);
}

static void how_it_failed_is_said(void **state)
{
    desk_errands errands = open_errands();
    desk_alert_rule fails = command("exit 3"), dies = command("kill -9 $$"),
                    is_not = command("/nothing/there 2>/dev/null");
    (void)state;
    add(&errands, &fails, "", no_variables);
    wait_for(&errands, 1);
    add(&errands, &dies, "", no_variables);
    wait_for(&errands, 2);
    add(&errands, &is_not, "", no_variables);
    wait_for(&errands, 3);
    assert_string_equal(said, "[command: exit status 3][command: ended by signal 9][command: exit status 127]");
}

/* The first takes longer, and is first all the same; another rule's does not wait for it. */
static void those_of_one_rule_keep_their_order(void **state)
{
    desk_errands errands = open_errands();
    desk_alert_rule slow =
        command("read n; while [ $n = 1 ] && ! [ -e \"$OUT.go\" ]; do sleep 0.01; done; printf $n >>\"$OUT\"");
    desk_alert_rule quick = command("printf quick >>\"$OUT\"; : >\"$OUT.go\"");
    char go[80];
    (void)state;
    add(&errands, &slow, "1\n", no_variables);
    add(&errands, &slow, "2\n", no_variables);
    add(&errands, &quick, "", no_variables);
    wait_for(&errands, 3);
    expect_output("quick12");
    snprintf(go, sizeof go, "%s.go", out);
    unlink(go);
}

/* Whoever reaps orphans here may take its time: a zombie is dead enough. */
static bool runs(const char *pid)
{
    char path[64], stat[256] = "";
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file < 0 ? 0 : read(file, stat, sizeof stat - 1);
    if (file >= 0) close(file);
    const char *name_end = strrchr(stat, ')');
    return got > 0 && name_end && name_end[2] != 'Z';
}

static bool is_alive(const char *pid)
{
    uint64_t end = desk_now_ms() + DEADLINE_MS;
    while (runs(pid) && desk_now_ms() < end) nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    return runs(pid);
}

/* With all that it started. */
static void one_that_hangs_is_ended(void **state)
{
    desk_errands errands = open_errands();
    desk_alert_rule rule = command("sleep 1000 & printf $! >\"$OUT\"; wait");
    char pid[32] = "";
    (void)state;
    add(&errands, &rule, "", no_variables);
    desk_errands_look(&errands, desk_now_ms());
    int file = open(out, O_RDONLY | O_CLOEXEC);
    for (uint64_t end = desk_now_ms() + DEADLINE_MS; desk_now_ms() < end && read(file, pid, sizeof pid - 1) <= 0;)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    close(file);
    assert_true(pid[0]);
    desk_errands_look(&errands, desk_now_ms() + DEADLINE_MS); /* its time is over */
    wait_for(&errands, 1);
    assert_string_equal(said, "[command: not done in time]");
    assert_false(is_alive(pid));
}

static void not_too_many_wait(void **state)
{
    desk_errands errands = open_errands();
    desk_alert_rule rule = command("cat >>\"$OUT\""), other = command("exit 0");
    (void)state;
    for (int i = 0; i < MOST_WAITING; i++) add(&errands, &rule, "x", no_variables);
    assert_false(desk_errands_add(&errands, &rule, DESK_COMMAND, (desk_text){"y", 1}, no_variables));
    add(&errands, &other, "", no_variables);
    wait_for(&errands, MOST_WAITING + 1);
    expect_output("xxxxxxxxxxxxxxxx");
}

static void the_end_waits_a_moment(void **state)
{
    desk_errands errands = open_errands();
    desk_alert_rule rule = command("cat >\"$OUT\""), hangs = command("sleep 1000");
    (void)state;
    add(&errands, &rule, "told", no_variables);
    desk_errands_end(&errands, DEADLINE_MS);
    expect_output("told");
    assert_null(errands.first);
    add(&errands, &hangs, "", no_variables);
    uint64_t begun = desk_now_ms();
    desk_errands_end(&errands, 100);
    assert_true(desk_now_ms() - begun < DEADLINE_MS);
    assert_null(errands.first);
}

int main(void)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_gets_its_message, set_up, tear_down),
        cmocka_unit_test_setup_teardown(how_it_failed_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(those_of_one_rule_keep_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_hangs_is_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(not_too_many_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end_waits_a_moment, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
