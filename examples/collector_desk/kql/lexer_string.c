/* The four ways to write a string; what they mean is text of UTF-8. */
#include "lexer_string.h"

#include <string.h>

#include "../../../tools/json_reader/json_reader.h"

static const char fence[] = "```";

/* One literal being read. */
typedef struct literal {
    kql_lexer *lexer;
    kql_token *token;
    const char *at;
    char *out; /* never longer than what is read */
} literal;

static bool is_quote(const kql_lexer *lexer, size_t ahead)
{
    return ahead < (size_t)(lexer->end - lexer->at) && (lexer->at[ahead] == '\'' || lexer->at[ahead] == '"');
}

static bool is_fence(const char *at, const char *end)
{
    return end - at >= 3 && memcmp(at, fence, 3) == 0;
}

/* The h of h'secret', which hides it in the service's own logs. */
static bool is_hidden(const kql_lexer *lexer)
{
    return (*lexer->at == 'h' || *lexer->at == 'H') &&
           (is_quote(lexer, 1) || (is_quote(lexer, 2) && lexer->at[1] == '@'));
}

bool kql_string_begins(const kql_lexer *lexer)
{
    bool is_verbatim = *lexer->at == '@' && is_quote(lexer, 1);
    return is_quote(lexer, 0) || is_verbatim || is_fence(lexer->at, lexer->end) || is_hidden(lexer);
}

static bool fail(literal *l, const char *expected, const char *words)
{
    return kql_fail(l->lexer->context, l->token->place, expected, "%s", words);
}

static bool unterminated(literal *l, const char *expected)
{
    return fail(l, expected, "found a string that does not end");
}

/* A character of the text as it is. */
static bool copy_character(literal *l)
{
    size_t size = otel__json_utf8_size(l->at, l->lexer->end);
    if (size == 0) return fail(l, "UTF-8", "found a string with a byte that is no UTF-8");
    memcpy(l->out, l->at, size);
    l->out += size;
    l->at += size;
    return true;
}

static bool hex_value(const char *at, const char *end, size_t digits, unsigned *value)
{
    *value = 0;
    if ((size_t)(end - at) < digits) return false;
    for (size_t i = 0; i < digits; i++) {
        static const char hex[] = "0123456789abcdef";
        char lower = at[i] >= 'A' && at[i] <= 'F' ? (char)(at[i] + 32) : at[i];
        const char *found = lower ? strchr(hex, lower) : NULL;
        if (!found) return false;
        *value = *value << 4 | (unsigned)(found - hex);
    }
    return true;
}

static void put_code_point(literal *l, unsigned point)
{
    if (point < 0x80) {
        *l->out++ = (char)point;
    } else if (point < 0x800) {
        *l->out++ = (char)(0xc0 | point >> 6);
        *l->out++ = (char)(0x80 | (point & 63));
    } else {
        *l->out++ = (char)(point < 0x10000 ? 0xe0 | point >> 12 : 0xf0 | point >> 18);
        if (point >= 0x10000) *l->out++ = (char)(0x80 | (point >> 12 & 63));
        *l->out++ = (char)(0x80 | (point >> 6 & 63));
        *l->out++ = (char)(0x80 | (point & 63));
    }
}

/* \x41, \u00e9, \U0001f600; the digits begin at l->at. */
static bool read_hexadecimal(literal *l, size_t digits)
{
    unsigned point;
    bool is_point = hex_value(l->at, l->lexer->end, digits, &point) && point > 0 && point <= 0x10ffff;
    if (!is_point || (point >= 0xd800 && point <= 0xdfff))
        return fail(l, "\\xHH, \\uHHHH or \\UHHHHHHHH", "found a string with a wrong escape");
    l->at += digits;
    put_code_point(l, point);
    return true;
}

static bool read_escape(literal *l)
{
    static const char from[] = "\\'\"ntrabfv/", to[] = "\\'\"\n\t\r\a\b\f\v/";
    if (++l->at == l->lexer->end) return unterminated(l, "a closing quote");
    char c = *l->at;
    if (c == 'x' || c == 'u' || c == 'U') {
        l->at++;
        return read_hexadecimal(l, c == 'x' ? 2 : c == 'u' ? 4 : 8);
    }
    const char *found = c ? strchr(from, c) : NULL;
    if (!found) return fail(l, "\\\\, \\', \\\", \\n, \\r, \\t or \\uHHHH", "found a string with a wrong escape");
    *l->out++ = to[found - from];
    l->at++;
    return true;
}

/* In a verbatim string a quote is written twice and a backslash is itself. */
static bool read_quoted(literal *l, char quote, bool is_verbatim)
{
    const char *end = l->lexer->end;
    for (;;) {
        if (l->at == end || *l->at == '\n' || *l->at == '\r')
            return unterminated(l, quote == '"' ? "a closing \" on the same line" : "a closing ' on the same line");
        if (*l->at == quote) {
            if (!is_verbatim || l->at + 1 == end || l->at[1] != quote) break;
            l->at++;
        } else if (*l->at == '\\' && !is_verbatim) {
            if (!read_escape(l)) return false;
            continue;
        }
        if (!copy_character(l)) return false;
    }
    l->at++;
    return true;
}

static bool read_fenced(literal *l)
{
    for (l->at += 3; !is_fence(l->at, l->lexer->end);) {
        if (l->at == l->lexer->end) return unterminated(l, "a closing ```");
        if (!copy_character(l)) return false;
    }
    l->at += 3;
    return true;
}

bool kql_string_read(kql_lexer *lexer, kql_token *token)
{
    literal l = {lexer, token, lexer->at, lexer->strings};
    if (is_hidden(lexer)) l.at++;
    bool is_verbatim = *l.at == '@';
    if (is_verbatim) l.at++;
    char quote = *l.at;
    if (quote != '`') l.at++;
    if (!(quote == '`' ? read_fenced(&l) : read_quoted(&l, quote, is_verbatim))) return false;
    token->text.size = (size_t)(l.at - lexer->at);
    token->value = (desk_text){lexer->strings, (size_t)(l.out - lexer->strings)};
    lexer->strings = l.out;
    return true;
}
