/* The header baggage, ruling by ruling. */
#include "propagation_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define B .propagators = "baggage"
#define SAME(text) .baggage = text, .out = "baggage:" text

static const row rows[] = {
    {"nothing", B, {NULL}},
    {"good", B, {"baggage:a=1,b=2"}, SAME("a=1,b=2")},
    {"good, blanks", B, {"baggage: a =\t1 , b= 2 "}, SAME("a=1,b=2")},
    {"BG-KEY-RAW", B, {"baggage:%6B=1,a#b=2"}, SAME("%6B=1,a#b=2")},
    {"BG-KEY-RAW, all of a token", B, {"baggage:!#$%&'*+-.^_`|~aZ0=1"}, SAME("!#$%&'*+-.^_`|~aZ0=1")},
    {"BG-PLUS", B, {"baggage:a=1+2%203"}, .baggage = "a=1+2 3", .out = "baggage:a=1+2%203"},
    {"BG-ENCODE, percent", B, {"baggage:a=%25"}, .baggage = "a=%", .out = "baggage:a=%25"},
    {"BG-ENCODE, percent once", B, {"baggage:a=%2541"}, .baggage = "a=%41", .out = "baggage:a=%2541"},
    {"BG-ENCODE, either case", B, {"baggage:a=%c3%A4"}, .baggage = "a=\xc3\xa4", .out = "baggage:a=%C3%A4"},
    {"BG-ENCODE, separators",
     B,
     {"baggage:a=%2C%3B%22%5C%0d%0a"},
     .baggage = "a=,;\"\\\r\n",
     .out = "baggage:a=%2C%3B%22%5C%0D%0A"},
    {"BG-ENCODE, blanks stay",
     B,
     {"baggage:a=%20x%20,b=%09"},
     .baggage = "a= x ,b=\t",
     .out = "baggage:a=%20x%20,b=%09"},
    {"BG-ENCODE, NUL", B, {"baggage:a=%00"}, .baggage = "a=^", .out = "baggage:a=%00"},
    {"BG-ENCODE, all octets", B, {"baggage:a=!#$&'()*+-./:<=>?@[]^_`{|}~"}, SAME("a=!#$&'()*+-./:<=>?@[]^_`{|}~")},
    {"BG-EMPTY-VALUE", B, {"baggage:a=,b= "}, SAME("a=,b=")},
    {"BG-EMPTY-VALUE, metadata", B, {"baggage:a=;m"}, SAME("a=;m")},
    {"BG-FFFD", B, {"baggage:a=%ff,b=1"}, .baggage = "a=\xef\xbf\xbd,b=1", .out = "baggage:a=%EF%BF%BD,b=1"},
    {"BG-FFFD, cut character", B, {"baggage:a=%e2%82x"}, .baggage = "a=\xef\xbf\xbdx", .out = "baggage:a=%EF%BF%BDx"},
    {"BG-FFFD, surrogate",
     B,
     {"baggage:a=%ed%a0%80"},
     .baggage = "a=\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
     .out = "baggage:a=%EF%BF%BD%EF%BF%BD%EF%BF%BD"},
    {"BG-FFFD, four bytes",
     B,
     {"baggage:a=%f0%9f%98%80"},
     .baggage = "a=\xf0\x9f\x98\x80",
     .out = "baggage:a=%F0%9F%98%80"},
    {"BG-STRAY-PERCENT", B, {"baggage:a=%,b=1"}, SAME("b=1")},
    {"BG-STRAY-PERCENT", B, {"baggage:a=%4,b=1"}, SAME("b=1")},
    {"BG-STRAY-PERCENT", B, {"baggage:a=%4g,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, blank inside", B, {"baggage:a=1 2,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, CR", B, {"baggage:a=1\r,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, LF", B, {"baggage:b=1,a=1\n"}, SAME("b=1")},
    {"BG-BAD-MEMBER, control", B, {"baggage:a=\x01,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, DEL", B, {"baggage:a=\x7f,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, non-ASCII", B, {"baggage:a=\xc3\xa4,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, no-break space", B, {"baggage:a=1\xc2\xa0,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, quote", B, {"baggage:a=\"x\",b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, backslash", B, {"baggage:a=\\,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, name", B, {"baggage:a b=1,(=2,=3,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, no =", B, {"baggage:a,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, no = but metadata", B, {"baggage:a;m=1,b=1"}, SAME("b=1")},
    {"BG-BAD-MEMBER, nothing is left", B, {"baggage:a,\"=1"}},
    {"empty members", B, {"baggage:,, a=1, ,"}, SAME("a=1")},
    {"=, of a value", B, {"baggage:a=b=c=="}, SAME("a=b=c==")},
    {"BG-META", B, {"baggage:a=1;m;n=2,b=3;p"}, SAME("a=1;m;n=2,b=3;p")},
    {"BG-META, not decoded", B, {"baggage:a=1;m%20n=%41"}, SAME("a=1;m%20n=%41")},
    {"BG-META, blanks inside stay", B, {"baggage:a=1 ; m = 2 ; n "}, SAME("a=1;m = 2 ; n")},
    {"BG-META, a tab is sent as a blank", B, {"baggage:a=1;m\t=2"}, .baggage = "a=1;m\t=2", .out = "baggage:a=1;m =2"},
    {"BG-BAD-PROP, blank", B, {"baggage:a=1;m n,b=1"}, SAME("b=1")},
    {"BG-BAD-PROP, key", B, {"baggage:a=1;(=2,b=1"}, SAME("b=1")},
    {"BG-BAD-PROP, value", B, {"baggage:a=1;m=\"2\",b=1"}, SAME("b=1")},
    {"BG-BAD-PROP, control", B, {"baggage:a=1;m\x01,b=1"}, SAME("b=1")},
    {"BG-EMPTY-PROP", B, {"baggage:a=1;,b=2;;m;;n; ;"}, SAME("a=1,b=2;m;n")},
    {"BG-DUP", B, {"baggage:a=1;m,b=2,a=3;n"}, SAME("b=2,a=3;n")},
    {"BG-DUP, metadata goes", B, {"baggage:a=1;m,a=3"}, SAME("a=3")},
    {"BG-DUP, a bad one does not win", B, {"baggage:a=1,a=%"}, SAME("a=1")},
    {"BG-DUP, case counts", B, {"baggage:a=1,A=2"}, SAME("a=1,A=2")},
    {"BG-MULTI", B, {"baggage:a=1", "baggage:", "Baggage:b=2,c=3"}, SAME("a=1,b=2,c=3")},
    {"header name", B, {"baggages:a=1"}},
};

static void every_ruling_on_baggage(void **unused)
{
    (void)unused;
    ROWS_HOLD(rows);
}

static otel_context extract(const char *line, const otel_context *parent, otel_extract_memory *memory)
{
    const otel_propagator *list[] = {&otel_propagator_baggage};
    const header_list headers = {&line, 1};
    return otel_extract_by(list, 1, parent, &list_getter, &headers, memory);
}

static said out;

static const char *inject(const otel_context *context)
{
    const otel_propagator *list[] = {&otel_propagator_baggage};
    out.size = 0;
    out.text[0] = '\0';
    otel_inject_by(list, 1, context, &said_setter, &out);
    return out.text;
}

static char line[1 << 17], room[OTEL_EXTRACT_BYTES];

/* "baggage:" and so many members of that many bytes. */
static void make_members(size_t count, size_t bytes)
{
    size_t at = (size_t)sprintf(line, "baggage:");
    for (size_t i = 0; i < count; i++) {
        size_t begin = at;
        at += (size_t)sprintf(line + at, "%sk%04zu=", i ? "," : "", i);
        while (at - begin < bytes + (i ? 1 : 0)) line[at++] = 'v';
    }
    line[at] = '\0';
}

/* BG-LIMIT: all of 64 members and 8192 bytes, whole members beyond. */
static void limits_hold_for_all_headers(void **unused)
{
    (void)unused;
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    make_members(64, 127); /* 64 * 127 + 63 commas = 8191 */
    strcat(line, "v");
    otel_context c = extract(line, NULL, &memory);
    assert_int_equal(c.baggage->count, 64);
    assert_string_equal(inject(&c), line);
    assert_false(memory.truncated);
    memory.used = 0;
    strcat(line, "v");
    c = extract(line, NULL, &memory);
    assert_int_equal(c.baggage->count, 63);
    memory.used = 0;
    make_members(10000, 6);
    c = extract(line, NULL, &memory);
    assert_int_equal(c.baggage->count, 64);
    line[8 + 64 * 7 - 1] = '\0';
    assert_string_equal(inject(&c), line);
}

/* BG-NO-PAIR-LIMIT */
static void one_member_may_fill_it_all(void **unused)
{
    (void)unused;
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    make_members(1, 8192);
    otel_context c = extract(line, NULL, &memory);
    assert_int_equal(c.baggage->count, 1);
    assert_string_equal(inject(&c), line);
    make_members(1, 8193);
    memory.used = 0;
    c = extract(line, NULL, &memory);
    assert_null(c.baggage);
    assert_int_equal(memory.used, 0);
}

/* BG-NAME, BG-LIMIT: what cannot be sent is left out whole. */
static void what_cannot_be_sent_is_left_out(void **unused)
{
    (void)unused;
    static char buffer[40000], big[9000];
    otel_baggage b;
    otel_baggage_init(&b, buffer, sizeof buffer);
    otel_context c = {.baggage = &b};
    assert_string_equal(inject(&c), "");
    otel_baggage_set(&b, "a b", "1");
    otel_baggage_set(&b, "k\xc3\xa4", "1");
    assert_string_equal(inject(&c), "");
    otel_baggage_set(&b, "ok", "\xc3\xa4 ,;\"\\%");
    const otel_baggage_entry odd = {.name = {"odd", 3}, .value = {"1", 1}, .metadata = {"no good\n", 8}};
    otel_baggage_set_entry(&b, &odd);
    assert_string_equal(inject(&c), "baggage:ok=%C3%A4%20%2C%3B%22%5C%25");
    memset(big, ' ', sizeof big - 1); /* three times as long when it is encoded */
    big[3000] = '\0';
    otel_baggage_set(&b, "big", big);
    otel_baggage_set(&b, "last", "1");
    assert_string_equal(inject(&c), "baggage:ok=%C3%A4%20%2C%3B%22%5C%25,last=1");
}

/* BG-REPLACE, and nothing valid leaves the parent's. */
static void what_comes_in_replaces_the_parents(void **unused)
{
    (void)unused;
    char mine[64];
    otel_baggage b;
    otel_baggage_init(&b, mine, sizeof mine);
    otel_baggage_set(&b, "mine", "1");
    const otel_context parent = {.baggage = &b};
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    assert_ptr_equal(extract("baggage:\"", &parent, &memory).baggage, &b);
    assert_ptr_equal(extract("other:a=1", &parent, &memory).baggage, &b);
    assert_ptr_equal(extract("baggage:a=1", &parent, NULL).baggage, &b);
    assert_int_equal(memory.used, 0);
    otel_context c = extract("baggage:a=1", &parent, &memory);
    assert_string_equal(inject(&c), "baggage:a=1");
    otel_context d = extract("baggage:\"", &c, &memory); /* a second time: what was there stays */
    assert_string_equal(inject(&d), "baggage:a=1");
}

static void without_room_entries_are_left_out_and_said(void **unused)
{
    (void)unused;
    char small[2 * (OTEL_BAGGAGE_ENTRY_OVERHEAD + 2) + 1];
    otel_extract_memory memory = {.buffer = small, .capacity = sizeof small};
    otel_context c = extract("baggage:a=1,b=2,c=3", NULL, &memory);
    assert_string_equal(inject(&c), "baggage:a=1,b=2");
    assert_true(memory.truncated);
    assert_true(memory.used <= memory.capacity);
    otel_extract_memory none = {.buffer = NULL};
    assert_null(extract("baggage:a=1", NULL, &none).baggage);
    assert_true(none.truncated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ruling_on_baggage),
        cmocka_unit_test(limits_hold_for_all_headers),
        cmocka_unit_test(one_member_may_fill_it_all),
        cmocka_unit_test(what_cannot_be_sent_is_left_out),
        cmocka_unit_test(what_comes_in_replaces_the_parents),
        cmocka_unit_test(without_room_entries_are_left_out_and_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
