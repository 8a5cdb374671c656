/* Scopes of a provider, interned by content. */
#include "scope.h"
#include "levels.h"
#include "wire/reader.h"
#include "wire/writer.h"
#include <otel/sdk/diag.h>
#include <string.h>

static size_t length(const char *text)
{
    return text ? strlen(text) : 0;
}

static char *copy_text(otel__arena *arena, const char *text)
{
    size_t n = length(text);
    char *copy = text ? otel__arena_take(arena, n + 1) : NULL;
    return copy ? memcpy(copy, text, n) : NULL;
}

static size_t attribute_count(const otel_scope *s)
{
    return s->attributes ? s->attribute_count : 0;
}

/* InstrumentationScope: name 1, version 2, attributes 3. */
static bool encode_prefix(otel__arena *arena, const otel_scope *s, otel__scope *out)
{
    uint64_t content = otel__wire_text_size(length(s->name)) + otel__wire_text_size(length(s->version)) +
                       otel__wire_attributes_size(s->attributes, attribute_count(s));
    if (content >= OTEL__WIRE_TOO_LARGE) return false;
    uint64_t size = otel__wire_framed_size(content);
    uint8_t *bytes = otel__arena_take(arena, size);
    if (!bytes) return false;
    uint8_t *at = otel__wire_put_head(bytes, 0x0a, content);
    at = otel__wire_text_write(at, 0x0a, s->name, length(s->name));
    at = otel__wire_text_write(at, 0x12, s->version, length(s->version));
    otel__wire_attributes_write(at, 0x1a, s->attributes, attribute_count(s));
    out->prefix = bytes;
    out->prefix_size = (uint32_t)size;
    return true;
}

static bool encode_suffix(otel__arena *arena, const otel_scope *s, otel__scope *out)
{
    uint64_t size = otel__wire_text_size(length(s->schema_url));
    if (size >= OTEL__WIRE_TOO_LARGE) return false;
    uint8_t *bytes = size ? otel__arena_take(arena, size) : NULL;
    if (size && !bytes) return false;
    if (size) otel__wire_text_write(bytes, 0x1a, s->schema_url, length(s->schema_url));
    out->suffix = bytes;
    out->suffix_size = (uint32_t)size;
    return true;
}

/* The copy's attributes point into the encoded form, which has to stay anyway. */
static bool read_attributes(otel__arena *arena, const otel_scope *s, otel__scope *out)
{
    otel__wire_field field;
    const uint8_t *at = out->prefix, *end = out->prefix + out->prefix_size;
    otel_attr *attributes = otel__arena_take(arena, sizeof(otel_attr) * (attribute_count(s) + 1));
    if (!attributes || !otel__wire_next_field(&at, end, &field)) return false;
    at = field.bytes;
    end = field.bytes + field.size;
    while (otel__wire_next_field(&at, end, &field))
        if (field.number == 3 && out->scope.attribute_count < attribute_count(s) &&
            otel__wire_read_key_value(field.bytes, field.size, &attributes[out->scope.attribute_count]))
            out->scope.attribute_count++;
    out->scope.attributes = attributes;
    return true;
}

static bool same(const otel__scope *a, const otel__scope *b)
{
    return a->prefix_size == b->prefix_size && a->suffix_size == b->suffix_size &&
           memcmp(a->prefix, b->prefix, a->prefix_size) == 0 &&
           (a->suffix_size == 0 || memcmp(a->suffix, b->suffix, a->suffix_size) == 0);
}

static otel__scope *build(otel__arena *arena, const otel_scope *s)
{
    otel__scope *made = otel__arena_take(arena, sizeof *made);
    if (!made || !encode_prefix(arena, s, made) || !encode_suffix(arena, s, made)) return NULL;
    made->scope = (otel_scope){.name = copy_text(arena, s->name ? s->name : ""),
                               .version = copy_text(arena, s->version),
                               .schema_url = copy_text(arena, s->schema_url)};
    return made->scope.name && read_attributes(arena, s, made) ? made : NULL;
}

static void relevel(const otel__scopes *scopes, otel__scope *scope)
{
    int32_t rank = otel__levels_for(scopes->levels, scope->scope.name);
    atomic_store_explicit(&scope->lowest_rank, rank, memory_order_relaxed);
}

void otel__scopes_relevel(otel__scopes *scopes)
{
    uint32_t count = atomic_load_explicit(&scopes->count, memory_order_relaxed);
    for (uint32_t i = 0; i < count; i++) relevel(scopes, scopes->table[i]);
}

static uint32_t add(otel__scopes *scopes, otel__scope *made, uint32_t index)
{
    made->index = index;
    relevel(scopes, made);
    made->trace_based = otel__levels_name_listed(scopes->trace_based, made->scope.name);
    scopes->table[index] = made;
    atomic_store_explicit(&scopes->count, index + 1, memory_order_release);
    return index;
}

/* Index 0 is always the empty scope: what stands in when there is no memory or no place. */
bool otel__scopes_init(otel__scopes *scopes)
{
    static const otel_scope none;
    otel__scope *made = build(&scopes->arena, &none);
    if (made) add(scopes, made, 0);
    return made != NULL;
}

static uint32_t find(const otel__scopes *scopes, uint32_t count, const otel__scope *made)
{
    uint32_t i = 0;
    while (i < count && !same(scopes->table[i], made)) i++;
    return i;
}

uint32_t otel__scope_intern(otel__scopes *scopes, const otel_scope *scope)
{
    uint32_t count = atomic_load_explicit(&scopes->count, memory_order_relaxed);
    otel__arena_mark before = otel__arena_here(&scopes->arena);
    otel__scope *made = build(&scopes->arena, scope);
    uint32_t index = made ? find(scopes, count, made) : 0;
    if (made && index == count && count < OTEL__SCOPES_MAX) return add(scopes, made, count);
    if (made && index == count) {
        otel_diag(OTEL_SEVERITY_WARN, "provider", "more than %d scopes: \"%.64s\" is recorded without one",
                  OTEL__SCOPES_MAX, made->scope.name);
        index = 0;
    }
    otel__arena_rewind(&scopes->arena, before);
    return index;
}
