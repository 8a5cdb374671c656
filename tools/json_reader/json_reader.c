/* A recursive-descent reader over memory that cannot be overrun: every look at a byte is behind a look at the end. */
#include "json_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK_BYTES = 64 * 1024, MAX_GROWTH_BYTES = 4 * 1024 * 1024 };

typedef struct otel__json_block {
    struct otel__json_block *next;
    size_t size; /* of bytes */
    size_t used;
    size_t reserved; /* keeps bytes aligned for anything */
    char bytes[];
} otel__json_block;

typedef struct reader {
    otel__json_arena *arena;
    const char *start, *at, *end;
    otel__json_error error;
    unsigned depth;
} reader;

void otel__json_arena_init(otel__json_arena *arena, size_t limit_bytes)
{
    *arena = (otel__json_arena){.limit = limit_bytes};
}

static void free_chain(otel__json_block *block)
{
    while (block) {
        otel__json_block *next = block->next;
        free(block);
        block = next;
    }
}

void otel__json_arena_reset(otel__json_arena *arena)
{
    if (!arena->first) return;
    free_chain(arena->first->next);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->current = arena->first;
    arena->total = arena->first->size;
}

void otel__json_arena_release(otel__json_arena *arena)
{
    free_chain(arena->first);
    otel__json_arena_init(arena, arena->limit);
}

static size_t block_size(const otel__json_arena *arena, size_t need)
{
    size_t size = arena->current ? arena->current->size * 2 : FIRST_BLOCK_BYTES;
    if (size > MAX_GROWTH_BYTES) size = MAX_GROWTH_BYTES;
    size_t left = arena->limit - arena->total;
    if (size > left) size = left;
    return size < need ? need : size;
}

static bool add_block(otel__json_arena *arena, size_t need)
{
    if (need > arena->limit - arena->total) return false;
    size_t size = block_size(arena, need);
    otel__json_block *block = malloc(sizeof *block + size);
    if (!block) return false;
    *block = (otel__json_block){.size = size};
    if (arena->current)
        arena->current->next = block;
    else
        arena->first = block;
    arena->current = block;
    arena->total += size;
    return true;
}

void *otel__json_allocate(otel__json_arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) return NULL;
    size_t rounded = (size + 15u) & ~(size_t)15u;
    otel__json_block *block = arena->current;
    if (!block || rounded > block->size - block->used) {
        if (!add_block(arena, rounded)) return NULL;
        block = arena->current;
    }
    void *at = block->bytes + block->used;
    block->used += rounded;
    return at;
}

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

static bool continues(const char *at, const char *end, unsigned count)
{
    if ((size_t)(end - at) <= count) return false;
    for (unsigned i = 1; i <= count; i++) {
        if (((unsigned char)at[i] & 0xC0u) != 0x80u) return false;
    }
    return true;
}

size_t otel__json_utf8_size(const char *at, const char *end)
{
    if (at >= end) return 0;
    unsigned char lead = (unsigned char)*at;
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(at, end, 1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (!continues(at, end, 2)) return 0;
        unsigned char second = (unsigned char)at[1];
        bool overlong = lead == 0xE0 && second < 0xA0, surrogate = lead == 0xED && second > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (!continues(at, end, 3)) return 0;
        unsigned char second = (unsigned char)at[1];
        bool overlong = lead == 0xF0 && second < 0x90, beyond = lead == 0xF4 && second > 0x8F;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

static bool hex4(const char *at, const char *end, unsigned *code)
{
    if (end - at < 4) return false;
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        unsigned digit;
        if (is_digit(c))
            digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10u;
        else if (c >= 'A' && c <= 'F')
            digit = (unsigned)(c - 'A') + 10u;
        else
            return false;
        value = value << 4 | digit;
    }
    *code = value;
    return true;
}

/* at stands behind `\u`; 0: malformed, else the bytes to step over. */
static size_t unicode_escape(const char *at, const char *end, unsigned *code)
{
    if (!hex4(at, end, code)) return 0;
    if (*code < 0xD800 || *code > 0xDFFF) return 4;
    unsigned low;
    if (*code > 0xDBFF || end - at < 10 || at[4] != '\\' || at[5] != 'u' || !hex4(at + 6, end, &low)) return 0;
    if (low < 0xDC00 || low > 0xDFFF) return 0;
    *code = 0x10000u + ((*code - 0xD800u) << 10) + (low - 0xDC00u);
    return 10;
}

static bool skip_escape(reader *r)
{
    const char *backslash = r->at++;
    if (r->at == r->end) return fail(r, backslash, "the string has no end");
    if (*r->at == 'u') {
        unsigned code;
        size_t step = unicode_escape(r->at + 1, r->end, &code);
        if (step == 0) return fail(r, backslash, "not a \\u escape, or half of a surrogate pair");
        r->at += 1 + step;
        return true;
    }
    if (*r->at == '\0' || !strchr("\"\\/bfnrt", *r->at)) return fail(r, backslash, "no such escape");
    r->at++;
    return true;
}

/* Goes to the closing quote and validates everything before it. */
static bool scan_string(reader *r, bool *escaped)
{
    const char *quote = r->at - 1;
    while (r->at < r->end) {
        unsigned char c = (unsigned char)*r->at;
        if (c == '"') return true;
        if (c == '\\') {
            *escaped = true;
            if (!skip_escape(r)) return false;
        } else if (c < 0x20) {
            return fail(r, r->at, "a control character in a string");
        } else if (c < 0x80) {
            r->at++;
        } else {
            size_t step = otel__json_utf8_size(r->at, r->end);
            if (step == 0) return fail(r, r->at, "not UTF-8");
            r->at += step;
        }
    }
    return fail(r, quote, "the string has no end");
}

static char *put_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        *out++ = (char)code;
        return out;
    }
    if (code < 0x800) {
        *out++ = (char)(0xC0u | code >> 6);
    } else {
        if (code < 0x10000) {
            *out++ = (char)(0xE0u | code >> 12);
        } else {
            *out++ = (char)(0xF0u | code >> 18);
            *out++ = (char)(0x80u | (code >> 12 & 0x3Fu));
        }
        *out++ = (char)(0x80u | (code >> 6 & 0x3Fu));
    }
    *out++ = (char)(0x80u | (code & 0x3Fu));
    return out;
}

static char short_escape(char c)
{
    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

/* From text that scan_string has validated; what comes out is never longer. */
static size_t decode_string(char *out, const char *at, const char *end)
{
    char *start = out;
    while (at < end) {
        if (*at != '\\') {
            *out++ = *at++;
        } else if (at[1] != 'u') {
            *out++ = short_escape(at[1]);
            at += 2;
        } else {
            unsigned code = 0;
            at += 2 + unicode_escape(at + 2, end, &code);
            out = put_utf8(out, code);
        }
    }
    return (size_t)(out - start);
}

/* r->at stands at the opening quote. */
static bool read_string(reader *r, const char **text, uint32_t *size)
{
    const char *start = ++r->at;
    bool escaped = false;
    if (!scan_string(r, &escaped)) return false;
    const char *end = r->at++;
    *text = start;
    *size = (uint32_t)(end - start);
    if (!escaped) return true;
    char *decoded = take(r, (size_t)(end - start));
    if (!decoded) return false;
    *text = decoded;
    *size = (uint32_t)decode_string(decoded, start, end);
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

static bool same_text(const char *a, size_t size, const char *b)
{
    return a && b && strlen(b) == size && memcmp(a, b, size) == 0;
}

bool otel__json_key_is(const otel__json *member, const char *key)
{
    return member && same_text(member->key, member->key_size, key);
}

bool otel__json_string_is(const otel__json *value, const char *text)
{
    return value && value->type == OTEL__JSON_STRING && same_text(value->text, value->size, text);
}

const otel__json *otel__json_get(const otel__json *object, const char *key)
{
    if (!object || object->type != OTEL__JSON_OBJECT) return NULL;
    const otel__json *found = NULL;
    for (const otel__json *member = object->first; member; member = member->next) {
        if (otel__json_key_is(member, key)) found = member;
    }
    return found;
}

static bool is_integer(const otel__json *value)
{
    return value && value->type == OTEL__JSON_NUMBER && !strpbrk(value->text, ".eE");
}

/* The digits of an integer behind its sign; false: they do not fit. */
static bool read_digits(const char *digits, uint64_t *out)
{
    uint64_t value = 0;
    for (; *digits; digits++) {
        uint64_t digit = (uint64_t)(*digits - '0');
        if (value > (UINT64_MAX - digit) / 10u) return false;
        value = value * 10u + digit;
    }
    *out = value;
    return true;
}

bool otel__json_int64(const otel__json *value, int64_t *out)
{
    if (!is_integer(value)) return false;
    bool negative = value->text[0] == '-';
    uint64_t size;
    if (!read_digits(value->text + negative, &size)) return false;
    if (size > (uint64_t)INT64_MAX + negative) return false;
    *out = negative ? (int64_t)(0u - size) : (int64_t)size;
    return true;
}

bool otel__json_uint64(const otel__json *value, uint64_t *out)
{
    if (!is_integer(value)) return false;
    bool negative = value->text[0] == '-';
    uint64_t size;
    if (!read_digits(value->text + negative, &size) || (negative && size != 0)) return false;
    *out = size;
    return true;
}

bool otel__json_double(const otel__json *value, double *out)
{
    if (!value || value->type != OTEL__JSON_NUMBER) return false;
    int kept = errno; /* strtod reports what is too large there */
    *out = strtod(value->text, NULL);
    errno = kept;
    return true;
}
