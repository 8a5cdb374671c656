/* The custom dimension otel.truncated: which texts were cut, and how long they were. */
#include "truncated.h"

#include <stdio.h>

enum { MOST_BYTES = 2048, ROOM = MOST_BYTES + 128 };

typedef struct listing {
    otel__azure_tree tree;
    size_t bytes;
    uint64_t left_out;
} listing;

static void add_number(otel__azure_tree *tree, const char *key, uint64_t number)
{
    char *text = otel__azure_take(tree->memory, 24);
    if (!text) return;
    snprintf(text, 24, "%llu", (unsigned long long)number);
    otel__azure_add_raw(tree, key, text);
}

static void add(listing *l, const char *key, size_t size, const otel__azure_text *text)
{
    if (!text->data || !text->characters) return;
    l->bytes += otel__azure_text_escaped(key, size) + 15;
    if (l->bytes > MOST_BYTES)
        l->left_out++;
    else
        add_number(&l->tree, key, text->characters);
}

static void add_string_key(listing *l, const char *key, const otel__azure_text *text)
{
    add(l, key, otel__azure_literal(key).size, text);
}

static void add_all(listing *l, const otel__azure_item *item)
{
    for (int i = 0; i < OTEL__AZURE_FIELDS; i++)
        if (item->field_names[i]) add_string_key(l, item->field_names[i], &item->fields[i]);
    for (uint32_t i = item->origin->tag_count; i < item->tag_count; i++)
        add_string_key(l, item->tags[i].key, &item->tags[i].value);
    for (uint32_t i = 0; i < item->dimensions->count; i++) {
        const otel__azure_dimension *dimension = &item->dimensions->at[i];
        add(l, dimension->key, dimension->key_size, &dimension->value);
    }
}

const char *otel__azure_truncated(const otel__azure_item *item, uint64_t dropped_here)
{
    listing l = {.tree = otel__azure_object(item->memory)};
    add_all(&l, item);
    if (l.left_out) add_number(&l.tree, "...", l.left_out);
    if (dropped_here) add_number(&l.tree, "otel.dropped_attributes_count", dropped_here);
    if (!l.tree.last) return NULL;
    char *text = otel__azure_take(item->memory, ROOM);
    return text && otel__azure_print(&l.tree, text, ROOM) ? text : NULL;
}
