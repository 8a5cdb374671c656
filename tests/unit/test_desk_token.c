/* The desk's token: where it comes from, and who has it. The sources are compiled in: they belong to an example. */
#include "collector_desk/site/token.c"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static desk_token token_of(const char *text)
{
    desk_token token;
    setenv("DESK_TOKEN", text, 1);
    assert_true(desk_token_read(&token, NULL));
    unsetenv("DESK_TOKEN");
    return token;
}

static bool file_is_taken(desk_token *token, const char *content)
{
    char path[] = "/tmp/desk-token-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    fputs(content, file);
    fclose(file);
    bool taken = desk_token_read(token, path);
    remove(path);
    return taken;
}

static void without_one_there_is_none(void **state)
{
    (void)state;
    unsetenv("DESK_TOKEN");
    desk_token token;
    assert_true(desk_token_read(&token, NULL));
    assert_string_equal(token.text, "");
    assert_false(desk_token_is(&token, (desk_text){"", 0}));
    assert_false(desk_token_is(&token, (desk_text){"x", 1}));
    assert_false(desk_token_is_bearer(&token, "Bearer "));
}

static void a_file_goes_before_the_variable(void **state)
{
    (void)state;
    desk_token token;
    setenv("DESK_TOKEN", "of-the-variable", 1);
    assert_true(file_is_taken(&token, "of-the-file\nsecond line\n"));
    assert_string_equal(token.text, "of-the-file");
    assert_true(file_is_taken(&token, "with-return\r\n"));
    assert_string_equal(token.text, "with-return");
    assert_true(desk_token_read(&token, NULL));
    assert_string_equal(token.text, "of-the-variable");
    unsetenv("DESK_TOKEN");
}

static void what_cannot_be_a_token_is_refused(void **state)
{
    (void)state;
    desk_token token;
    char large[DESK_MAX_TOKEN_BYTES + 2];
    memset(large, 'a', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    const char *const bad[] = {"",   "\n", "seven77\n", "with blank", "with\ttab", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f",
                               large};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(file_is_taken(&token, bad[i]));
    large[DESK_MAX_TOKEN_BYTES] = '\0';
    assert_true(file_is_taken(&token, large));
    assert_false(desk_token_read(&token, "/nonexistent/token"));
    assert_false(desk_token_read(&token, "/"));
}

static void only_the_whole_token_opens(void **state)
{
    (void)state;
    desk_token token = token_of("sesame-open");
    const char *const wrong[] = {
        "", "s", "sesame-ope", "sesame-opem", "sesame-openn", "Sesame-open", "sesame-opensesame-open"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(desk_token_is(&token, (desk_text){wrong[i], strlen(wrong[i])}));
    assert_true(desk_token_is(&token, DESK_TEXT("sesame-open")));
}

static void authorization_is_bearer(void **state)
{
    (void)state;
    desk_token token = token_of("sesame-open");
    assert_true(desk_token_is_bearer(&token, "Bearer sesame-open"));
    assert_true(desk_token_is_bearer(&token, "bearer   sesame-open  "));
    const char *const wrong[] = {"",
                                 "Bearer",
                                 "Bearer ",
                                 "Basic sesame-open",
                                 "sesame-open",
                                 "Bearersesame-open",
                                 "Bearer sesame-open, x",
                                 "Bearer sesame open"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(desk_token_is_bearer(&token, wrong[i]));
}

static void a_session_is_known_by_its_cookie(void **state)
{
    (void)state;
    desk_token token = token_of("sesame-open");
    desk_token_name_cookie(&token, "http://[::1]:4318");
    assert_string_equal(token.cookie, "desk_session_4318");
    assert_int_equal(strlen(token.session), 64);
    char set[128], header[256];
    desk_token_write_cookie(&token, set, sizeof set);
    assert_non_null(strstr(set, "; HttpOnly; SameSite=Strict"));
    assert_null(strstr(set, "sesame"));
    snprintf(header, sizeof header, "desk_session_4318=old; a=b;%.*s ", (int)strcspn(set, ";"), set);
    header[strlen(header) - 1] = '\0';
    assert_true(desk_token_in_cookie(&token, header));
    const char *const wrong[] = {
        "", ";", ";;; ;", "desk_session_4318", "desk_session_4318=", "desk_session_4318=sesame-open"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(desk_token_in_cookie(&token, wrong[i]));
    snprintf(header, sizeof header, "xdesk_session_4318=%s", token.session);
    assert_false(desk_token_in_cookie(&token, header));
    snprintf(header, sizeof header, "desk_session_4318=%sx", token.session);
    assert_false(desk_token_in_cookie(&token, header));
    desk_token other = token_of("sesame-open");
    assert_string_not_equal(other.session, token.session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_one_there_is_none),         cmocka_unit_test(a_file_goes_before_the_variable),
        cmocka_unit_test(what_cannot_be_a_token_is_refused), cmocka_unit_test(only_the_whole_token_opens),
        cmocka_unit_test(authorization_is_bearer),           cmocka_unit_test(a_session_is_known_by_its_cookie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
