/* Custom dimensions: keys and texts, each key once, found through a table of hashes. */
#include "dimensions.h"

#include "value_text.h"
#include <otel/sdk/allocator.h>
#include <string.h>

enum { FIRST_CAPACITY = 64, KEPT_CAPACITY = 1024, LAST_NUMBER = 9 };

static uint64_t word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return word;
}

/* All of a key that is shorter than a word. */
static uint64_t short_word(const char *key, size_t size)
{
    uint32_t halves[2] = {0, 0};
    if (size >= 4) {
        memcpy(&halves[0], key, 4);
        memcpy(&halves[1], key + size - 4, 4);
    } else if (size > 0) {
        halves[0] = (uint32_t)(unsigned char)key[0] << 16 | (uint32_t)(unsigned char)key[size / 2] << 8 |
                    (unsigned char)key[size - 1];
    }
    return (uint64_t)halves[1] << 32 | halves[0];
}

static uint64_t mixed(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint32_t hash_of(const char *key, size_t size)
{
    uint64_t hash = mixed(size, 0);
    size_t at = 0;
    for (; at + 8 < size; at += 8) hash = mixed(hash, word_at(key + at));
    hash = mixed(hash, size >= 8 ? word_at(key + size - 8) : short_word(key, size));
    return (uint32_t)(hash >> 32);
}

void otel__azure_dimensions_clear(otel__azure_dimensions *d)
{
    if (d->capacity > KEPT_CAPACITY) otel__azure_dimensions_release(d);
    if (d->slots) memset(d->slots, 0, d->slot_count * sizeof *d->slots);
    d->count = d->lost = 0;
}

void otel__azure_dimensions_release(otel__azure_dimensions *d)
{
    otel_release(d->at);
    otel_release(d->slots);
    *d = (otel__azure_dimensions){0};
}

/* cJSON's keys end at a NUL. */
static const char *without_zeros(otel__azure_memory *memory, const otel__azure_text *key)
{
    char *to = otel__azure_take(memory, (size_t)key->size + 1);
    if (!to) return key->data;
    memcpy(to, key->data, (size_t)key->size + 1);
    for (uint32_t i = 0; i < key->size; i++)
        if (!to[i]) to[i] = '?';
    return to;
}

otel__azure_dimension otel__azure_dimension_make(otel__azure_memory *memory, const char *key, size_t size)
{
    otel__azure_text text = otel__azure_string_text(memory, key, size, OTEL__AZURE_KEY_UNITS);
    if (text.zeros) text.data = without_zeros(memory, &text);
    return (otel__azure_dimension){.key = text.data, .key_size = text.size, .hash = hash_of(text.data, text.size)};
}

otel__azure_dimension otel__azure_dimension_named(const char *key)
{
    size_t size = strlen(key);
    return (otel__azure_dimension){.key = key, .key_size = (uint32_t)size, .hash = hash_of(key, size)};
}

/* The slot that holds the key, or the free one where it would stand. */
static uint16_t *slot_of(const otel__azure_dimensions *d, const otel__azure_dimension *wanted)
{
    for (uint32_t i = wanted->hash;; i++) {
        uint16_t *slot = &d->slots[i & (d->slot_count - 1)];
        if (!*slot) return slot;
        const otel__azure_dimension *there = &d->at[*slot - 1];
        if (there->hash == wanted->hash && there->key_size == wanted->key_size &&
            memcmp(there->key, wanted->key, wanted->key_size) == 0)
            return slot;
    }
}

otel__azure_dimension *otel__azure_dimension_find(const otel__azure_dimensions *d, const otel__azure_dimension *wanted)
{
    uint16_t slot = d->slots ? *slot_of(d, wanted) : 0;
    return slot ? &d->at[slot - 1] : NULL;
}

static void fill_slots(otel__azure_dimensions *d)
{
    for (uint32_t i = 0; i < d->count; i++) *slot_of(d, &d->at[i]) = (uint16_t)(i + 1);
}

/* Twice as many slots as dimensions. */
static bool grow(otel__azure_dimensions *d)
{
    uint32_t capacity = d->capacity ? d->capacity * 2 : FIRST_CAPACITY;
    otel__azure_dimension *at = otel_reallocate(d->at, capacity * sizeof *at);
    if (!at) return false;
    d->at = at;
    uint16_t *slots = otel_allocate(2 * (size_t)capacity * sizeof *slots);
    if (!slots) return false;
    otel_release(d->slots);
    d->slots = slots;
    d->slot_count = 2 * capacity;
    d->capacity = capacity;
    fill_slots(d);
    return true;
}

void otel__azure_dimensions_to_front(otel__azure_dimensions *d, uint32_t first, uint32_t end)
{
    otel__azure_dimension moved[OTEL__AZURE_DIMENSIONS_OURS];
    uint32_t count = end - first;
    if (count == 0 || count > OTEL__AZURE_DIMENSIONS_OURS) return;
    memcpy(moved, d->at + first, count * sizeof *moved);
    memmove(d->at + count, d->at, first * sizeof *moved);
    memcpy(d->at, moved, count * sizeof *moved);
    memset(d->slots, 0, d->slot_count * sizeof *d->slots);
    fill_slots(d);
}

/* The slot of the key, which is free. */
static void insert(otel__azure_dimensions *d, otel__azure_memory *memory, const otel__azure_dimension *dimension,
                   uint32_t most)
{
    if (d->count >= most) {
        d->lost++;
        return;
    }
    if (d->count == d->capacity && !grow(d)) {
        memory->failed = true;
        return;
    }
    uint16_t *slot = slot_of(d, dimension);
    d->at[d->count] = *dimension;
    *slot = (uint16_t)++d->count;
}

bool otel__azure_dimension_offer(otel__azure_dimensions *d, otel__azure_memory *memory,
                                 const otel__azure_dimension *dimension)
{
    if (dimension->key_size == 0 || otel__azure_dimension_find(d, dimension)) return false;
    insert(d, memory, dimension, OTEL__AZURE_DIMENSIONS_MAX + OTEL__AZURE_DIMENSIONS_OURS);
    return true;
}

/* The key with a number behind it, within the limit. */
static otel__azure_dimension renamed(otel__azure_memory *memory, const otel__azure_dimension *from, int number)
{
    otel__azure_text key = otel__azure_string_text(memory, from->key, from->key_size, OTEL__AZURE_KEY_UNITS - 2);
    char *to = otel__azure_take(memory, (size_t)key.size + 3);
    if (!to) return (otel__azure_dimension){.key = ""};
    memcpy(to, key.data, key.size);
    memcpy(to + key.size, (const char[]){'~', (char)('0' + number), '\0'}, 3);
    uint32_t size = key.size + 2;
    return (otel__azure_dimension){.key = to, .key_size = size, .hash = hash_of(to, size), .value = from->value};
}

static void keep_under_another_key(otel__azure_dimensions *d, otel__azure_memory *memory,
                                   const otel__azure_dimension *displaced)
{
    for (int number = 2; number <= LAST_NUMBER; number++) {
        otel__azure_dimension other = renamed(memory, displaced, number);
        if (otel__azure_dimension_offer(d, memory, &other)) return;
    }
    d->lost++;
}

void otel__azure_dimension_put(otel__azure_dimensions *d, otel__azure_memory *memory,
                               const otel__azure_dimension *dimension)
{
    if (dimension->key_size == 0) return;
    otel__azure_dimension *there = otel__azure_dimension_find(d, dimension);
    if (!there) {
        insert(d, memory, dimension, OTEL__AZURE_DIMENSIONS_MAX);
        return;
    }
    otel__azure_dimension displaced = *there;
    there->value = dimension->value;
    if (!otel__azure_same_text(&displaced.value, &dimension->value)) keep_under_another_key(d, memory, &displaced);
}

void otel__azure_dimension_yield(otel__azure_dimensions *d, otel__azure_memory *memory,
                                 const otel__azure_dimension *dimension)
{
    const otel__azure_dimension *there = otel__azure_dimension_find(d, dimension);
    if (!there)
        otel__azure_dimension_offer(d, memory, dimension);
    else if (!otel__azure_same_text(&there->value, &dimension->value))
        keep_under_another_key(d, memory, dimension);
}
