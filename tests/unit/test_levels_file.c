/* The file of levels: news once for each change, and files that are not to be read. */
#include "sdk_fixture.h"
#include "logs/levels_file.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/otel-levels-XXXXXX", path[64];

static void write_file(const char *text, size_t times)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (size_t i = 0; i < times; i++) fputs(text, f);
    fclose(f);
}

static bool news_are(otel__levels_file *file, const char *text)
{
    char *news = otel__levels_file_news(file);
    bool same = text ? news && strcmp(news, text) == 0 : !news;
    otel_release(news);
    return same;
}

static void news_come_once(void **unused)
{
    (void)unused;
    otel__levels levels;
    otel__levels_file file = {.path = NULL};
    otel__levels_read(&levels, "*=warn");
    write_file("*=debug", 1);
    otel__levels_file_open(&file, path, &levels);
    assert_int_equal(levels.lowest, OTEL_SEVERITY_DEBUG);
    assert_true(news_are(&file, NULL));
    write_file("*=error,", 2);
    assert_true(news_are(&file, "*=error,*=error,"));
    assert_true(news_are(&file, NULL));
    otel__levels_file_close(&file);
}

static void what_cannot_be_read_changes_nothing(void **unused)
{
    (void)unused;
    otel__levels levels;
    otel__levels_file file = {.path = NULL};
    otel__levels_read(&levels, "*=warn");
    unlink(path);
    said_begin();
    otel__levels_file_open(&file, path, &levels);
    assert_true(news_are(&file, NULL));
    assert_int_equal(said_times("cannot be read"), 1);
    assert_int_equal(levels.lowest, OTEL_SEVERITY_WARN);
    write_file("*=info\n", OTEL__LEVELS_FILE_MAX / 7 + 1);
    assert_true(news_are(&file, NULL));
    assert_int_equal(said_times("no file of at most"), 1);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* opening it must not wait */
    assert_true(news_are(&file, NULL));
    assert_int_equal(said_times("no file of at most"), 2);
    assert_int_equal(unlink(path), 0);
    write_file("", 0);
    assert_true(news_are(&file, ""));
    said_end();
    otel__levels_file_close(&file);
}

static void no_name_no_file(void **unused)
{
    (void)unused;
    otel__levels levels;
    otel__levels_file file = {.path = NULL};
    otel__levels_file_open(&file, NULL, &levels);
    assert_null(file.path);
    otel__levels_file_close(&file);
}

int main(void)
{
    if (!mkdtemp(directory)) return 1;
    snprintf(path, sizeof path, "%s/levels", directory);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(news_come_once),
        cmocka_unit_test(what_cannot_be_read_changes_nothing),
        cmocka_unit_test(no_name_no_file),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    rmdir(directory);
    return failed;
}
