/* Text to tokens: names, numbers, timespans, symbols. Strings are in lexer_string.c. */
#include "lexer.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "../../../tools/json_reader/json_reader.h"
#include "lexer_string.h"
#include "time_text.h"

enum { MAX_NUMBER_BYTES = 60 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(char c)
{
    return is_name_start(c) || is_digit(c);
}

static char look(const kql_lexer *lexer, size_t ahead)
{
    return ahead < (size_t)(lexer->end - lexer->at) ? lexer->at[ahead] : '\0';
}

static bool stands_here(const kql_lexer *lexer, desk_text text)
{
    return desk_text_starts((desk_text){lexer->at, (size_t)(lexer->end - lexer->at)}, text);
}

/* Over whole characters, counting lines and columns. */
static void skip_bytes(kql_lexer *lexer, size_t size)
{
    for (const char *end = lexer->at + size; lexer->at < end; lexer->at++) {
        if (*lexer->at == '\n')
            lexer->place = (kql_place){lexer->place.line + 1, 1};
        else if (((unsigned char)*lexer->at & 0xc0) != 0x80)
            lexer->place.column++;
    }
}

static void skip_space(kql_lexer *lexer)
{
    while (lexer->at < lexer->end) {
        if (memchr(" \t\r\n", *lexer->at, 4)) {
            skip_bytes(lexer, 1);
        } else if (stands_here(lexer, DESK_TEXT("//"))) {
            const char *line_end = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));
            skip_bytes(lexer, (size_t)((line_end ? line_end : lexer->end) - lexer->at));
        } else {
            break;
        }
    }
}

static size_t name_size(const kql_lexer *lexer, size_t from)
{
    size_t size = from;
    while (is_name(look(lexer, size))) size++;
    return size;
}

/* The `~` of in~ and !in~ belongs to the word. */
static size_t word_size(const kql_lexer *lexer)
{
    size_t bang = *lexer->at == '!', size = name_size(lexer, bang);
    if (look(lexer, size) == '~' && size - bang == 2 && memcmp(lexer->at + bang, "in", 2) == 0) size++;
    return size;
}

static size_t digits_from(const kql_lexer *lexer, size_t size)
{
    while (is_digit(look(lexer, size))) size++;
    return size;
}

/* Digits, a fraction, an exponent; `1..5` is 1 and a range. */
static size_t number_size(const kql_lexer *lexer, bool *is_real)
{
    size_t size = digits_from(lexer, 0);
    if (look(lexer, size) == '.' && is_digit(look(lexer, size + 1))) {
        *is_real = true;
        size = digits_from(lexer, size + 1);
    }
    if (look(lexer, size) != 'e' && look(lexer, size) != 'E') return size;
    size_t sign = look(lexer, size + 1) == '+' || look(lexer, size + 1) == '-';
    if (!is_digit(look(lexer, size + 1 + sign))) return size;
    *is_real = true;
    return digits_from(lexer, size + 1 + sign);
}

static bool bad_number(kql_lexer *lexer, kql_token *token)
{
    return kql_fail(lexer->context, token->place, "a number, or a timespan such as 7d, 1h, 30m, 10s, 100ms",
                    "found \"%s\"", kql_show(token->text).text);
}

static bool set_long(kql_lexer *lexer, kql_token *token, const char *digits, int base)
{
    char *end;
    errno = 0;
    token->kind = KQL_TOKEN_LONG;
    token->integer = strtoll(digits, &end, base);
    if (errno == 0 && *end == '\0') return true;
    return kql_fail(lexer->context, token->place, "a number of at most 64 bits", "found \"%s\"",
                    kql_show(token->text).text);
}

static bool set_number(kql_lexer *lexer, kql_token *token, size_t digits_size, bool is_real)
{
    char digits[MAX_NUMBER_BYTES + 1];
    memcpy(digits, token->text.at, digits_size);
    digits[digits_size] = '\0';
    desk_text unit = {token->text.at + digits_size, token->text.size - digits_size};
    if (unit.size == 0 && !is_real) return set_long(lexer, token, digits, 10);
    token->real = strtod(digits, NULL);
    if (unit.size == 0) {
        token->kind = KQL_TOKEN_REAL;
        return token->real <= DBL_MAX || bad_number(lexer, token);
    }
    token->kind = KQL_TOKEN_TIMESPAN;
    return kql_timespan_of(token->real, unit, &token->integer) || bad_number(lexer, token);
}

static bool read_number(kql_lexer *lexer, kql_token *token)
{
    bool is_real = false, is_hexadecimal = stands_here(lexer, DESK_TEXT("0x"));
    size_t digits_size = is_hexadecimal ? name_size(lexer, 0) : number_size(lexer, &is_real);
    token->text.size = name_size(lexer, digits_size);
    if (digits_size > MAX_NUMBER_BYTES) return bad_number(lexer, token);
    if (!is_hexadecimal) return set_number(lexer, token, digits_size, is_real);
    char digits[MAX_NUMBER_BYTES + 1];
    memcpy(digits, token->text.at, digits_size);
    digits[digits_size] = '\0';
    return digits_size > 2 ? set_long(lexer, token, digits, 16) : bad_number(lexer, token);
}

static bool read_symbol(kql_lexer *lexer, kql_token *token)
{
    static const desk_text symbols[] = {DESK_TEXT_INIT("=="), DESK_TEXT_INIT("!="), DESK_TEXT_INIT("=~"),
                                        DESK_TEXT_INIT("!~"), DESK_TEXT_INIT("<>"), DESK_TEXT_INIT("<="),
                                        DESK_TEXT_INIT(">="), DESK_TEXT_INIT("..")};
    token->kind = KQL_TOKEN_SYMBOL;
    token->text.size = 1;
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        if (stands_here(lexer, symbols[i])) token->text.size = 2;
    }
    if (token->text.size == 2 || (*lexer->at && strchr("|,()[].<>=+-*/%;", *lexer->at))) return true;
    size_t size = otel__json_utf8_size(lexer->at, lexer->end);
    if (size == 0) return kql_fail(lexer->context, token->place, "UTF-8", "found a byte that is no UTF-8");
    token->text.size = size;
    return kql_fail(lexer->context, token->place, *lexer->at == '&' ? "and" : "a name, a value or an operator",
                    "found \"%s\"", kql_show(token->text).text);
}

static bool read_token(kql_lexer *lexer, kql_token *token)
{
    char c = *lexer->at;
    if (kql_string_begins(lexer)) {
        token->kind = KQL_TOKEN_STRING;
        return kql_string_read(lexer, token);
    }
    if (is_digit(c)) return read_number(lexer, token);
    if (!is_name_start(c) && !(c == '!' && is_name_start(look(lexer, 1)))) return read_symbol(lexer, token);
    token->kind = KQL_TOKEN_NAME;
    token->text.size = word_size(lexer);
    return true;
}

bool kql_lexer_next(kql_lexer *lexer, kql_token *token)
{
    skip_space(lexer);
    *token = (kql_token){.place = lexer->place, .text = {lexer->at, 0}};
    if (lexer->at == lexer->end) return true;
    if (!read_token(lexer, token)) return false;
    skip_bytes(lexer, token->text.size);
    return true;
}

bool kql_lexer_skip(kql_lexer *lexer, desk_text word)
{
    if (!stands_here(lexer, word) || is_name(look(lexer, word.size))) return false;
    skip_bytes(lexer, word.size);
    return true;
}

bool kql_lexer_parentheses(kql_lexer *lexer, desk_text *inside, kql_place *place)
{
    kql_lexer ahead = *lexer;
    skip_space(&ahead);
    if (look(&ahead, 0) != '(') return false;
    skip_bytes(&ahead, 1);
    skip_space(&ahead);
    const char *close = memchr(ahead.at, ')', (size_t)(ahead.end - ahead.at));
    if (!close) return false;
    *place = ahead.place;
    *inside = (desk_text){ahead.at, (size_t)(close - ahead.at)};
    skip_bytes(&ahead, inside->size + 1);
    *lexer = ahead;
    return true;
}
