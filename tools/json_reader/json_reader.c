/* A recursive-descent reader over memory that cannot be overrun: every look at a byte is behind a look at the end. */
#include "json_reader.h"

#include <string.h>

#include "json_string.h"

typedef struct reader {
    otel__json_arena *arena;
    const char *start, *at, *end;
    otel__json_error error;
    unsigned depth;
} reader;

/* Keeps the first complaint: those that follow are its consequences. */
static bool fail(reader *r, const char *at, const char *words)
{
    if (!r->error.words) r->error = (otel__json_error){(size_t)(at - r->start), words};
    return false;
}

static void *take(reader *r, size_t size)
{
    void *p = otel__json_allocate(r->arena, size);
    if (!p) fail(r, r->at, "the text needs more memory than is allowed");
    return p;
}

static void skip_space(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')) r->at++;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* r->at stands at the opening quote. */
static bool read_string(reader *r, const char **text, uint32_t *size)
{
    const char *start = r->at + 1;
    otel__json_scan scan = otel__json_string_scan(start, r->end);
    if (scan.wrong) return fail(r, scan.stop, scan.wrong);
    r->at = scan.stop + 1;
    *text = start;
    *size = (uint32_t)(scan.stop - start);
    if (!scan.escaped) return true;
    char *decoded = take(r, *size);
    if (!decoded) return false;
    *text = decoded;
    *size = (uint32_t)otel__json_string_decode(decoded, start, scan.stop);
    return true;
}

static bool skip_digits(reader *r)
{
    const char *start = r->at;
    while (r->at < r->end && is_digit(*r->at)) r->at++;
    return r->at > start || fail(r, r->at, "a digit is missing");
}

static bool scan_number(reader *r)
{
    if (*r->at == '-') r->at++;
    if (r->at < r->end && *r->at == '0')
        r->at++;
    else if (!skip_digits(r))
        return false;
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!skip_digits(r)) return false;
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-')) r->at++;
        if (!skip_digits(r)) return false;
    }
    return true;
}

/* The text is copied: strtod wants a NUL behind it. */
static bool read_number(reader *r, otel__json *out)
{
    const char *start = r->at;
    if (!scan_number(r)) return false;
    size_t size = (size_t)(r->at - start);
    char *text = take(r, size + 1);
    if (!text) return false;
    memcpy(text, start, size);
    text[size] = '\0';
    out->type = OTEL__JSON_NUMBER;
    out->text = text;
    out->size = (uint32_t)size;
    return true;
}

static bool read_word(reader *r, otel__json *out)
{
    static const struct {
        const char *word;
        uint8_t size, type;
        bool boolean;
    } words[] = {
        {"null", 4, OTEL__JSON_NULL, false},
        {"true", 4, OTEL__JSON_BOOL, true},
        {"false", 5, OTEL__JSON_BOOL, false},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((size_t)(r->end - r->at) < words[i].size || memcmp(r->at, words[i].word, words[i].size) != 0) continue;
        r->at += words[i].size;
        out->type = words[i].type;
        out->boolean = words[i].boolean;
        return true;
    }
    return fail(r, r->at, "no value begins like this");
}

static bool read_value(reader *r, otel__json *out);

static bool read_key(reader *r, otel__json *member)
{
    if (r->at == r->end || *r->at != '"') return fail(r, r->at, "a key in quotes is missing");
    if (!read_string(r, &member->key, &member->key_size)) return false;
    skip_space(r);
    if (r->at == r->end || *r->at != ':') return fail(r, r->at, "a ':' is missing");
    r->at++;
    skip_space(r);
    return true;
}

static bool read_child(reader *r, otel__json *parent, otel__json ***tail)
{
    otel__json *child = take(r, sizeof *child);
    if (!child) return false;
    *child = (otel__json){0};
    if (parent->type == OTEL__JSON_OBJECT && !read_key(r, child)) return false;
    if (!read_value(r, child)) return false;
    **tail = child;
    *tail = &child->next;
    parent->size++;
    return true;
}

/* r->at stands at the bracket or brace. */
static bool read_children(reader *r, otel__json *parent, char close)
{
    otel__json **tail = &parent->first;
    const char *open = r->at++;
    skip_space(r);
    if (r->at < r->end && *r->at == close) {
        r->at++;
        return true;
    }
    for (;;) {
        if (!read_child(r, parent, &tail)) return false;
        skip_space(r);
        if (r->at == r->end) return fail(r, open, "the array or object has no end");
        char c = *r->at;
        if (c != ',' && c != close) return fail(r, r->at, "a ',' or the end of the array or object is missing");
        r->at++;
        if (c == close) return true;
        skip_space(r);
    }
}

static bool read_nested(reader *r, otel__json *out)
{
    if (r->depth == OTEL__JSON_MAX_DEPTH) return fail(r, r->at, "nested more than 64 deep");
    r->depth++;
    bool object = *r->at == '{';
    out->type = object ? OTEL__JSON_OBJECT : OTEL__JSON_ARRAY;
    bool done = read_children(r, out, object ? '}' : ']');
    r->depth--;
    return done;
}

static bool read_value(reader *r, otel__json *out)
{
    if (r->at == r->end) return fail(r, r->at, "a value is missing");
    char c = *r->at;
    if (c == '{' || c == '[') return read_nested(r, out);
    if (c == '-' || is_digit(c)) return read_number(r, out);
    if (c != '"') return read_word(r, out);
    out->type = OTEL__JSON_STRING;
    return read_string(r, &out->text, &out->size);
}

static otel__json *read_whole(reader *r)
{
    otel__json *root = take(r, sizeof *root);
    if (!root) return NULL;
    *root = (otel__json){0};
    skip_space(r);
    if (!read_value(r, root)) return NULL;
    skip_space(r);
    if (r->at < r->end) {
        fail(r, r->at, "something follows the value");
        return NULL;
    }
    return root;
}

otel__json *otel__json_read(otel__json_arena *arena, const char *text, size_t size, otel__json_error *error)
{
    if (!text) text = "", size = 0;
    reader r = {.arena = arena, .start = text, .at = text, .end = text + size};
    otel__json *root = NULL;
    if (size > UINT32_MAX)
        fail(&r, text, "longer than 4 GiB");
    else
        root = read_whole(&r);
    if (error) *error = r.error;
    return root;
}
