/* Interning of scopes: the key is the JSON flattened into bytes, which is the same for the same content in the same
 * order. */
#include "scope_table.h"

#include <stdlib.h>
#include <string.h>

#include "json_value.h"

enum { SLOTS = 2 * OTEL__MAX_SCOPES, KEY_BYTES = 64 * 1024, MEMORY_LIMIT_BYTES = 64 * 1024 * 1024 };

typedef struct entry {
    otel_logger logger;
    const char *key;
    size_t key_size;
    uint64_t hash;
} entry;

typedef struct key_writer {
    size_t size;
    bool full;
    char bytes[KEY_BYTES];
} key_writer;

static entry entries[OTEL__MAX_SCOPES];
static uint16_t slots[SLOTS]; /* 0: free; else the entry's number + 1 */
static key_writer key;

void otel__scope_table_init(otel__scope_table *scopes, const char *default_name)
{
    *scopes = (otel__scope_table){.default_name = default_name};
    otel__json_arena_init(&scopes->memory, MEMORY_LIMIT_BYTES);
    memset(entries, 0, sizeof entries);
    memset(slots, 0, sizeof slots);
}

void otel__scope_table_release(otel__scope_table *scopes)
{
    otel__json_arena_release(&scopes->memory);
}

static void put(const void *bytes, size_t size)
{
    if (size > KEY_BYTES - key.size) {
        key.full = true;
        return;
    }
    memcpy(key.bytes + key.size, bytes, size);
    key.size += size;
}

static void put_json(const otel__json *json)
{
    put(&json->key_size, sizeof json->key_size);
    if (json->key) put(json->key, json->key_size);
    put(&json->type, sizeof json->type);
    put(&json->boolean, sizeof json->boolean);
    put(&json->size, sizeof json->size);
    if (json->text) put(json->text, json->size);
    for (const otel__json *child = json->first; child && !key.full; child = child->next) put_json(child);
}

static uint64_t hash_key(void)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < key.size; i++) hash = (hash ^ (unsigned char)key.bytes[i]) * 1099511628211u;
    return hash;
}

/* Scopes hold C strings: text with a NUL in it is none. null is as good as absent. */
static bool is_name(const otel__json *json)
{
    if (json->type == OTEL__JSON_NULL) return true;
    return json->type == OTEL__JSON_STRING && !memchr(json->text, '\0', json->size);
}

static bool is_scope(const otel__json *json)
{
    if (json->type != OTEL__JSON_OBJECT) return false;
    for (const otel__json *member = json->first; member; member = member->next) {
        if (otel__json_key_is(member, "attributes")) {
            if (member->type != OTEL__JSON_OBJECT && member->type != OTEL__JSON_NULL) return false;
            continue;
        }
        bool known = otel__json_key_is(member, "name") || otel__json_key_is(member, "version") ||
                     otel__json_key_is(member, "schema_url");
        if (!known || !is_name(member)) return false;
    }
    return true;
}

/* `absent` where the member is missing, null or empty. */
static bool copy_name(otel__json_arena *memory, const otel__json *scope, const char *name, const char *absent,
                      const char **out)
{
    const otel__json *json = otel__json_get(scope, name);
    *out = absent;
    if (!json || json->size == 0) return true;
    char *copy = otel__json_allocate(memory, (size_t)json->size + 1);
    if (!copy) return false;
    memcpy(copy, json->text, json->size);
    copy[json->size] = '\0';
    *out = copy;
    return true;
}

static bool copy_scope(otel__scope_table *scopes, const otel__json *json, otel_scope *scope)
{
    otel__json_arena *memory = &scopes->memory;
    *scope = (otel_scope){0};
    if (!copy_name(memory, json, "name", scopes->default_name, &scope->name)) return false;
    if (!copy_name(memory, json, "version", NULL, &scope->version)) return false;
    if (!copy_name(memory, json, "schema_url", NULL, &scope->schema_url)) return false;
    const otel__json *object = otel__json_get(json, "attributes");
    if (!object || object->size == 0) return true;
    otel_attr *attributes = otel__json_allocate(memory, object->size * sizeof *attributes);
    if (!attributes || !otel__json_members(memory, object, true, attributes)) return false;
    scope->attributes = attributes;
    scope->attribute_count = object->size;
    return true;
}

static entry *add(otel__scope_table *scopes, const otel__json *json, uint64_t hash)
{
    if (scopes->count == OTEL__MAX_SCOPES) return NULL;
    entry *fresh = &entries[scopes->count];
    char *kept = otel__json_allocate(&scopes->memory, key.size);
    if (!kept || !copy_scope(scopes, json, &fresh->logger.scope)) return NULL;
    memcpy(kept, key.bytes, key.size);
    fresh->key = kept;
    fresh->key_size = key.size;
    fresh->hash = hash;
    scopes->count++;
    return fresh;
}

static bool same_key(const entry *e, uint64_t hash)
{
    return e->hash == hash && e->key_size == key.size && memcmp(e->key, key.bytes, key.size) == 0;
}

otel__scope_result otel__scope_table_find(otel__scope_table *scopes, const otel__json *json, otel_logger **logger)
{
    if (!is_scope(json)) return OTEL__SCOPE_WRONG;
    key.size = 0;
    key.full = false;
    put_json(json);
    if (key.full) return OTEL__SCOPE_FULL;
    uint64_t hash = hash_key();
    size_t slot = hash % SLOTS;
    for (; slots[slot]; slot = (slot + 1) % SLOTS) {
        entry *e = &entries[slots[slot] - 1];
        if (!same_key(e, hash)) continue;
        *logger = &e->logger;
        return OTEL__SCOPE_FOUND;
    }
    entry *fresh = add(scopes, json, hash);
    if (!fresh) return OTEL__SCOPE_FULL;
    slots[slot] = (uint16_t)scopes->count;
    *logger = &fresh->logger;
    return OTEL__SCOPE_FOUND;
}
