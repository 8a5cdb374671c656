/* Values and strings of a record as texts of an item, cut to a limit of UTF-16 code units. */
#include "value_text.h"

#include "envelope.h"
#include <string.h>

otel__azure_text otel__azure_literal(const char *text)
{
    return (otel__azure_text){.data = text, .size = (uint32_t)strlen(text)};
}

static void count_if_cut(otel__azure_text *made, const char *text, size_t size, size_t kept)
{
    if (kept < size) made->characters = otel__azure_text_characters(text, size) & INT32_MAX;
}

otel__azure_text otel__azure_string_text(otel__azure_memory *memory, const char *text, size_t size, size_t units)
{
    if (units > OTEL__AZURE_ITEM_BYTES) units = OTEL__AZURE_ITEM_BYTES;
    otel__azure_prefix prefix = otel__azure_text_prefix(text, size, units);
    char *to = otel__azure_take(memory, prefix.out + 1);
    if (!to) return otel__azure_literal("");
    otel__azure_text_mend(to, text, &prefix);
    otel__azure_text made = {.data = to, .size = (uint32_t)prefix.out, .zeros = prefix.zeros};
    count_if_cut(&made, text, size, prefix.in);
    return made;
}

static otel__azure_text integer_text(otel__azure_memory *memory, int64_t number)
{
    char *to = otel__azure_take(memory, 24);
    if (!to) return otel__azure_literal("");
    char *end = to + 23, *at = end;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    *at = '\0';
    do *--at = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (number < 0) *--at = '-';
    return (otel__azure_text){.data = at, .size = (uint32_t)(end - at)};
}

/* What the SDK writes; it is UTF-8 without U+0000. */
static otel__azure_text written(otel__azure_memory *memory, const otel_value *value, size_t units)
{
    char first[256];
    size_t size = otel_value_text(value, first, sizeof first);
    if (size < sizeof first) return otel__azure_string_text(memory, first, size, units);
    char *all = size < UINT32_MAX ? otel__azure_take(memory, size + 1) : NULL;
    if (!all) {
        memory->failed = true;
        return otel__azure_literal("");
    }
    otel_value_text(value, all, size + 1);
    if (units > OTEL__AZURE_ITEM_BYTES) units = OTEL__AZURE_ITEM_BYTES;
    size_t kept = otel__azure_text_prefix(all, size, units).in;
    otel__azure_text made = {.data = all, .size = (uint32_t)kept};
    count_if_cut(&made, all, size, kept);
    all[kept] = '\0';
    return made;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == ' ';
}

/* A string that is not UTF-8 comes as bytes: the SDK keeps what it was. Bytes that read as text but for a quarter at
 * most, and are words for the most part, were one, in another encoding; those that are UTF-8 were none. */
static bool was_a_string(const otel_value *bytes)
{
    const char *text = bytes->u.data;
    size_t words = 0;
    if (!text || bytes->size == 0) return false;
    for (uint32_t i = 0; i < bytes->size; i++) {
        if ((unsigned char)text[i] < 0x20 && !strchr("\t\n\r\x1b", text[i] ? text[i] : 1)) return false;
        words += is_word(text[i]);
    }
    if (words <= bytes->size / 2) return false;
    otel__azure_prefix all = otel__azure_text_prefix(text, bytes->size, SIZE_MAX);
    size_t bad = (all.out - all.in) / 2;
    return bad > 0 && bad <= bytes->size / 4;
}

otel__azure_text otel__azure_value_text(otel__azure_memory *memory, const otel_value *value, size_t units)
{
    switch (value->type) {
    case OTEL_TYPE_STRING:
        return otel__azure_string_text(memory, value->u.string, value->u.string ? value->size : 0, units);
    case OTEL_TYPE_BYTES:
        return was_a_string(value) ? otel__azure_string_text(memory, value->u.data, value->size, units)
                                   : written(memory, value, units);
    case OTEL_TYPE_BOOL:
        return otel__azure_literal(value->u.boolean ? "true" : "false");
    case OTEL_TYPE_INT:
        return integer_text(memory, value->u.integer);
    case OTEL_TYPE_EMPTY:
        return otel__azure_literal("");
    default:
        return written(memory, value, units);
    }
}

bool otel__azure_value_empty(const otel_value *value)
{
    bool has_bytes = value->type == OTEL_TYPE_STRING || value->type == OTEL_TYPE_BYTES;
    if (has_bytes) return value->size == 0 || !value->u.data;
    return value->type == OTEL_TYPE_EMPTY || value->type > OTEL_TYPE_BOOLS;
}

bool otel__azure_same_text(const otel__azure_text *a, const otel__azure_text *b)
{
    return a->size == b->size && a->characters == b->characters && memcmp(a->data, b->data, a->size) == 0;
}
