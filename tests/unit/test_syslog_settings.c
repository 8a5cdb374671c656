/* The settings of openlog while many threads change and read them: each reader sees one whole setting. */
#include "syslog_settings.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { READERS = 4, MILLISECONDS = 400 }; /* more than cores: some are interrupted in the middle of a copy */
static _Atomic bool done;
static _Atomic int torn, seen;

/* Ident and option belong together. */
static void *write_settings(void *letter)
{
    char ident[OTEL__IDENT_MAX + 1] = "";
    memset(ident, *(const char *)letter, OTEL__IDENT_MAX);
    while (!atomic_load(&done)) otel__syslog_settings_open(ident, *(const char *)letter, LOG_DAEMON);
    return NULL;
}

static bool whole(const otel__syslog_settings *s)
{
    for (size_t i = 0; i < OTEL__IDENT_MAX; i++)
        if (s->ident[i] != (char)s->option) return false;
    return s->ident[OTEL__IDENT_MAX] == 0;
}

static void *read_settings(void *unused)
{
    (void)unused;
    while (!atomic_load(&done)) {
        otel__syslog_settings s = otel__syslog_settings_now();
        atomic_fetch_add(&seen, 1);
        if (s.option && !whole(&s)) atomic_fetch_add(&torn, 1);
    }
    return NULL;
}

static void readers_see_whole_settings(void **unused)
{
    (void)unused;
    static const char letters[2] = {'a', 'b'};
    pthread_t writers[2], readers[READERS];
    for (int i = 0; i < READERS; i++) assert_int_equal(pthread_create(&readers[i], NULL, read_settings, NULL), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&writers[i], NULL, write_settings, (void *)(uintptr_t)&letters[i]), 0);
    do nanosleep(&(struct timespec){0, MILLISECONDS * 1000000}, NULL);
    while (atomic_load(&seen) == 0);
    atomic_store(&done, true);
    for (int i = 0; i < 2; i++) pthread_join(writers[i], NULL);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    assert_int_equal(atomic_load(&torn), 0);
    otel__syslog_settings last = otel__syslog_settings_now();
    assert_true(whole(&last) && last.facility == LOG_DAEMON);
}

/* Forks in the middle of openlog: the child reads whole settings, and its own openlog works. */
static void children_of_writers_go_on(void **unused)
{
    (void)unused;
    pthread_t writer;
    int status, bad = 0;
    atomic_store(&done, false);
    assert_int_equal(pthread_create(&writer, NULL, write_settings, (void *)(uintptr_t) "c"), 0);
    for (int i = 0; i < 100; i++) {
        pid_t child = fork();
        if (child == 0) {
            otel__syslog_settings before = otel__syslog_settings_now();
            otel__syslog_settings_open("child", 1, LOG_MAIL);
            otel__syslog_settings after = otel__syslog_settings_now();
            _exit(!whole(&before) || strcmp(after.ident, "child") != 0 || after.facility != LOG_MAIL);
        }
        assert_true(child > 0 && waitpid(child, &status, 0) == child);
        bad |= status;
    }
    atomic_store(&done, true);
    pthread_join(writer, NULL);
    assert_int_equal(bad, 0);
}

static void closing_forgets_the_ident_alone(void **unused)
{
    (void)unused;
    otel__syslog_settings_open("ident", LOG_PID, LOG_MAIL);
    otel__syslog_settings_close();
    otel__syslog_settings s = otel__syslog_settings_now();
    assert_string_equal(s.ident, "");
    assert_int_equal(s.option, LOG_PID);
    assert_int_equal(s.facility, LOG_MAIL);
}

static void the_mask_knows_priorities(void **unused)
{
    (void)unused;
    assert_int_equal(otel__syslog_mask_set(LOG_MASK(LOG_ERR)), 0xff);
    assert_true(otel__syslog_mask_lets(LOG_ERR | LOG_MAIL));
    assert_false(otel__syslog_mask_lets(LOG_INFO | LOG_MAIL));
    assert_int_equal(otel__syslog_mask_set(0xff), LOG_MASK(LOG_ERR));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_see_whole_settings),
        cmocka_unit_test(children_of_writers_go_on),
        cmocka_unit_test(closing_forgets_the_ident_alone),
        cmocka_unit_test(the_mask_knows_priorities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
