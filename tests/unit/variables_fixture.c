/* Every variable of every list has an effect: each row is run in children of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "variables_fixture.h"
#include <otel/sdk/sdk.h>

enum { LIMIT_MS = 30000, ROWS = 64 };
#define MARK "seen: "

uint32_t variables_environment;
static int report; /* the way out, whatever the observer does to its standard output */

typedef struct tables {
    const variables_row *rows;
    size_t count;
    const char *const *listed;
    size_t listed_count;
} tables;
static const tables *all;

void seen(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dprintf(report, MARK);
    vdprintf(report, format, arguments);
    dprintf(report, "\n");
    va_end(arguments);
}

typedef struct run {
    const variables_row *row;
    const char *value; /* NULL: unset */
    uint32_t environment;
} run;

static int observe(void *argument)
{
    const run *r = argument;
    report = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 200);
    child_environment(NULL, NULL);
    variables_environment = r->environment;
    unsetenv(r->row->name);
    if (r->value) setenv(r->row->name, r->value, 1);
    r->row->observe();
    fflush(NULL);
    _Exit(0); /* what the observer started is left as it is */
}

static unsigned times(const char *text, const char *part)
{
    unsigned n = 0;
    while ((text = strstr(text, part)) != NULL) n++, text += strlen(part);
    return n;
}

static void expect(run r, const char *what, unsigned complaints)
{
    char expected[200];
    child_end end = child_run(observe, &r, LIMIT_MS);
    snprintf(expected, sizeof expected, MARK "%s\n", what);
    const char *complaint = r.row->complaint ? r.row->complaint : r.row->name;
    bool good = end.code == 0 && !end.hung && strstr(end.text, expected) && times(end.text, complaint) == complaints;
    if (!good)
        print_error("%s=%s: expected \"%s\" and %u complaints; exit status %d, output:\n%s\n", r.row->name,
                    r.value ? r.value : "(unset)", what, complaints, end.code, end.text);
    free(end.text);
    assert_true(good);
}

static void a_row(void **state)
{
    const variables_row *row = *state;
    const char *wrong_is = row->wrong_is ? row->wrong_is : row->without;
    expect((run){row, NULL, OTEL_ENV_WINS}, row->without, 0);
    expect((run){row, "", OTEL_ENV_WINS}, row->without, 0);
    expect((run){row, row->value, OTEL_ENV_WINS}, row->with, 0);
    expect((run){row, row->value, OTEL_ENV_IGNORED}, row->without, 0);
    if (row->wrong) expect((run){row, row->wrong, OTEL_ENV_WINS}, wrong_is, 1);
}

static bool among_rows(const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->rows[i].name, name) == 0) return true;
    return false;
}

static bool among_listed(const char *name)
{
    for (size_t i = 0; i < all->listed_count; i++)
        if (strcmp(all->listed[i], name) == 0) return true;
    return false;
}

static void rows_and_lists_are_the_same(void **state)
{
    unsigned missing = 0;
    all = *state;
    for (size_t i = 0; i < all->listed_count; i++)
        if (!among_rows(all->listed[i])) missing++, print_error("%s has no row here\n", all->listed[i]);
    for (size_t i = 0; i < all->count; i++)
        if (!among_listed(all->rows[i].name)) missing++, print_error("%s is in no variables.def\n", all->rows[i].name);
    assert_int_equal(missing, 0);
}

int variables_run(const variables_row *rows, size_t count, const char *const *listed, size_t listed_count)
{
    struct CMUnitTest tests[ROWS];
    tables both = {rows, count, listed, listed_count};
    if (count >= ROWS) return 1;
    tests[0] = (struct CMUnitTest){"rows_and_lists_are_the_same", rows_and_lists_are_the_same, NULL, NULL, &both};
    for (size_t i = 0; i < count; i++)
        tests[i + 1] = (struct CMUnitTest){rows[i].name, a_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
    return _cmocka_run_group_tests("variables", tests, count + 1, NULL, NULL);
}
