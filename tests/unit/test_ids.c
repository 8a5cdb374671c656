/* New ids: random, of one's own generator, different in the child of a fork. */
#include <otel/context.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const otel_span_context parent = {
    .trace_id = {1}, .span_id = {2}, .flags = 2, .remote = true, .debug = true, .trace_state = {"a=1", 3}};

static void a_child_stays_in_its_trace(void **unused)
{
    (void)unused;
    otel_span_context c = otel_span_context_child(&parent), d = otel_span_context_child(&parent);
    assert_memory_equal(c.trace_id, parent.trace_id, 16);
    assert_memory_not_equal(c.span_id, parent.span_id, 8);
    assert_memory_not_equal(c.span_id, d.span_id, 8);
    assert_true(otel_span_context_valid(&c));
    assert_int_equal(c.flags, 2); /* not sampled stays not sampled, random stays random */
    assert_false(c.remote);
    assert_true(c.debug);
    assert_ptr_equal(c.trace_state.data, parent.trace_state.data);
    otel_span_context unset = parent;
    unset.flags = 1;
    assert_int_equal(otel_span_context_child(&unset).flags, 1); /* random is never set on a trace of others */
}

static void without_a_parent_a_trace_begins(void **unused)
{
    (void)unused;
    otel_span_context invalid = parent;
    memset(invalid.span_id, 0, 8);
    otel_span_context c = otel_span_context_child(&invalid), d = otel_span_context_child(NULL);
    assert_true(otel_span_context_valid(&c) && otel_span_context_valid(&d));
    assert_memory_not_equal(c.trace_id, parent.trace_id, 16);
    assert_memory_not_equal(c.trace_id, d.trace_id, 16);
    assert_int_equal(c.flags, OTEL_TRACE_FLAG_SAMPLED | OTEL_TRACE_FLAG_RANDOM);
    assert_false(c.remote || c.debug);
    assert_int_equal(c.trace_state.size, 0);
}

static void no_parent_is_the_current_one(void **unused)
{
    (void)unused;
    otel_context current = {.span_context = parent};
    otel_context_token token;
    otel_context_attach(&current, &token);
    otel_span_context c = otel_span_context_child(NULL);
    otel_context_detach(&token);
    assert_memory_equal(c.trace_id, parent.trace_id, 16);
}

static int order(const void *a, const void *b)
{
    return memcmp(a, b, 8);
}

/* Every bit of a span id is set in about half of them, and none comes twice. */
static void ids_are_random(void **unused)
{
    (void)unused;
    enum { N = 20000 };
    static uint8_t ids[N][8];
    size_t set[64] = {0};
    for (size_t i = 0; i < N; i++) {
        memcpy(ids[i], otel_span_context_child(&parent).span_id, 8);
        for (size_t bit = 0; bit < 64; bit++) set[bit] += ids[i][bit / 8] >> bit % 8 & 1;
    }
    for (size_t bit = 0; bit < 64; bit++) assert_in_range(set[bit], N / 2 - 600, N / 2 + 600); /* 8 sigma */
    qsort(ids, N, 8, order);
    for (size_t i = 1; i < N; i++) assert_memory_not_equal(ids[i - 1], ids[i], 8);
}

typedef struct counter {
    int traces, spans;
    bool zeros;
} counter;

static void count_trace(void *user, uint8_t id[16])
{
    counter *c = user;
    c->traces++;
    memset(id, c->zeros ? 0 : 0xaa, 16);
}

static void count_span(void *user, uint8_t id[8])
{
    counter *c = user;
    c->spans++;
    memset(id, c->zeros ? 0 : 0xbb, 8);
}

static void a_generator_is_asked(void **unused)
{
    (void)unused;
    counter c = {0, 0, false};
    otel_id_generator g = {sizeof g, count_trace, count_span, &c, false};
    assert_true(otel_id_generator_set(&g));
    otel_span_context made = otel_span_context_child(NULL);
    assert_int_equal(made.trace_id[15], 0xaa);
    assert_int_equal(made.span_id[7], 0xbb);
    assert_int_equal(made.flags, OTEL_TRACE_FLAG_SAMPLED); /* it does not say that it is random */
    otel_span_context_child(&parent);
    assert_int_equal(c.traces, 1);
    assert_int_equal(c.spans, 2);
    g.random = true;
    assert_int_equal(otel_span_context_child(NULL).flags, OTEL_TRACE_FLAG_SAMPLED | OTEL_TRACE_FLAG_RANDOM);
    c.zeros = true;
    made = otel_span_context_child(NULL);
    assert_true(otel_span_context_valid(&made));
    g.random = false; /* its zeros were replaced by random ones */
    assert_true(otel_span_context_child(NULL).flags & OTEL_TRACE_FLAG_RANDOM);
    assert_true(otel_id_generator_set(NULL));
    const uint8_t its_own[16] = {0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
                                 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa};
    made = otel_span_context_child(NULL);
    assert_memory_not_equal(made.trace_id, its_own, 16);
}

static void incomplete_generators_are_refused(void **unused)
{
    (void)unused;
    const otel_id_generator no_trace = {sizeof no_trace, NULL, count_span, NULL, false},
                            no_span = {sizeof no_span, count_trace, NULL, NULL, false},
                            small = {sizeof small - 1, count_trace, count_span, NULL, false};
    assert_false(otel_id_generator_set(&no_trace));
    assert_false(otel_id_generator_set(&no_span));
    assert_false(otel_id_generator_set(&small));
}

static void write_ids(int fd)
{
    for (int i = 0; i < 8; i++) {
        otel_span_context c = otel_span_context_child(NULL);
        if (write(fd, c.trace_id, 16) != 16 || write(fd, c.span_id, 8) != 8) _exit(1);
    }
}

/* The child and its parent go on from the same state, and so do two children. */
static void children_of_a_fork_have_ids_of_their_own(void **unused)
{
    (void)unused;
    uint8_t ids[72][8];
    int ends[2], status;
    otel_span_context_child(NULL);
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < 2; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            write_ids(ends[1]);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
    write_ids(ends[1]);
    assert_int_equal(read(ends[0], ids, sizeof ids), sizeof ids);
    qsort(ids, 72, 8, order);
    for (size_t i = 1; i < 72; i++) assert_memory_not_equal(ids[i - 1], ids[i], 8);
    close(ends[0]), close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_child_stays_in_its_trace),
                                       cmocka_unit_test(without_a_parent_a_trace_begins),
                                       cmocka_unit_test(no_parent_is_the_current_one),
                                       cmocka_unit_test(ids_are_random),
                                       cmocka_unit_test(a_generator_is_asked),
                                       cmocka_unit_test(incomplete_generators_are_refused),
                                       cmocka_unit_test(children_of_a_fork_have_ids_of_their_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
