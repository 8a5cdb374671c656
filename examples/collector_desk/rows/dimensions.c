/* A small hash set in the record's arena: a record with a million attributes must not cost a million squared. */
#include "dimensions.h"

#include <string.h>
#include <sys/random.h>

#include "value_text.h"

/* Differs from run to run, so that nobody can prepare keys that all meet in one slot. */
static uint64_t hash_seed(void)
{
    static uint64_t seed;
    if (!seed && getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed) seed = 0x9e3779b97f4a7c15u;
    seed |= 1;
    return seed;
}

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9fb21c651e98df25u;
    return h ^ h >> 32;
}

static size_t hash(desk_text key)
{
    uint64_t h = hash_seed() ^ key.size, word;
    const char *at = key.at;
    size_t left = key.size;
    for (; left >= sizeof word; left -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        h = mix(h, word);
    }
    word = 0;
    memcpy(&word, at, left);
    return (size_t)mix(h, word);
}

bool desk_dimensions_open(desk_dimensions *dimensions, otel__json_arena *arena, size_t room)
{
    if (room > UINT32_MAX / 4) return false;
    size_t slots = 32;
    while (slots < room * 2) slots *= 2;
    *dimensions = (desk_dimensions){.mask = slots - 1};
    dimensions->at = otel__json_allocate(arena, room * sizeof *dimensions->at);
    dimensions->slots = otel__json_allocate(arena, slots * sizeof *dimensions->slots);
    if (!dimensions->at || !dimensions->slots) return false;
    memset(dimensions->slots, 0, slots * sizeof *dimensions->slots);
    return true;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t *find(const desk_dimensions *dimensions, desk_text key)
{
    for (size_t i = hash(key);; i++) {
        uint32_t *slot = &dimensions->slots[i & dimensions->mask];
        if (*slot == 0 || desk_text_is(dimensions->at[*slot - 1].key, key)) return slot;
    }
}

static void append(desk_dimensions *dimensions, uint32_t *slot, const desk_attribute *attribute)
{
    dimensions->at[dimensions->count++] = *attribute;
    *slot = (uint32_t)dimensions->count;
}

void desk_dimensions_set(desk_dimensions *dimensions, const desk_attribute *attribute)
{
    if (attribute->key.size == 0) return;
    uint32_t *slot = find(dimensions, attribute->key);
    if (*slot)
        dimensions->at[*slot - 1].value = attribute->value;
    else
        append(dimensions, slot, attribute);
}

void desk_dimensions_add(desk_dimensions *dimensions, const desk_attribute *attribute)
{
    if (attribute->key.size == 0) return;
    uint32_t *slot = find(dimensions, attribute->key);
    if (*slot == 0) append(dimensions, slot, attribute);
}

void desk_dimensions_add_text(desk_dimensions *dimensions, desk_text key, desk_text text)
{
    desk_attribute attribute = {key, {DESK_STRING, {.text = text}}};
    desk_dimensions_add(dimensions, &attribute);
}

const desk_value *desk_dimensions_get(const desk_dimensions *dimensions, desk_text key)
{
    uint32_t slot = *find(dimensions, key);
    return slot ? &dimensions->at[slot - 1].value : NULL;
}

desk_text desk_dimensions_get_text(const desk_dimensions *dimensions, desk_text key)
{
    const desk_value *value = desk_dimensions_get(dimensions, key);
    bool is_text = value && value->kind == DESK_STRING && value->as.text.size;
    return is_text ? value->as.text : (desk_text){NULL, 0};
}

/* Its key becomes empty: nobody else's, so the slot only leads searches on. */
void desk_dimensions_remove(desk_dimensions *dimensions, desk_text key)
{
    uint32_t slot = *find(dimensions, key);
    if (slot) dimensions->at[slot - 1].key = (desk_text){NULL, 0};
}

static void write_value(const desk_value *value, desk_buffer *buffer, desk_buffer *scratch)
{
    if (value->kind == DESK_STRING) {
        desk_put_json_string(buffer, value->as.text);
        return;
    }
    desk_buffer_clear(scratch);
    desk_put_value_text(scratch, value);
    desk_put_json_string(buffer, desk_buffer_text(scratch));
    buffer->failed |= scratch->failed;
}

void desk_dimensions_write(const desk_dimensions *dimensions, desk_buffer *buffer, desk_buffer *scratch)
{
    char before = '{';
    for (size_t i = 0; i < dimensions->count; i++) {
        const desk_attribute *attribute = &dimensions->at[i];
        if (attribute->key.size == 0) continue;
        desk_put_byte(buffer, before);
        desk_put_json_string(buffer, attribute->key);
        desk_put_byte(buffer, ':');
        write_value(&attribute->value, buffer, scratch);
        before = ',';
    }
    if (before == '{') desk_put_byte(buffer, '{');
    desk_put_byte(buffer, '}');
}
