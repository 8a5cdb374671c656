/* Trees of cJSON in an item's memory: nothing is allocated a node, nothing is freed. */
#ifndef OTEL__AZURE_JSON_NODES_H
#define OTEL__AZURE_JSON_NODES_H
#include "memory.h"
#include "text.h"

typedef struct cJSON otel__azure_node;

/* An object or array that is being filled. */
typedef struct otel__azure_tree {
    otel__azure_memory *memory;
    otel__azure_node *root, *last;
} otel__azure_tree;

otel__azure_tree otel__azure_object(otel__azure_memory *memory);
otel__azure_tree otel__azure_array(otel__azure_memory *memory);
/* The key (NULL in an array) and what is added are borrowed. Out of memory: memory->failed. */
void otel__azure_add_text(otel__azure_tree *tree, const char *key, const otel__azure_text *text);
void otel__azure_add_string(otel__azure_tree *tree, const char *key, const char *text);
/* JSON as it stands: numbers, true, false. */
void otel__azure_add_raw(otel__azure_tree *tree, const char *key, const char *json);
void otel__azure_add_tree(otel__azure_tree *tree, const char *key, const otel__azure_tree *added);

/* Members of an object that are printed once and added to many: the first one's key, and its value with all the others
 * as JSON. */
typedef struct otel__azure_members {
    const char *key; /* NULL: there are none, or they are not ready */
    const char *json;
} otel__azure_members;

/* Of the object; not ready when they take more than `most` bytes. What its keys borrow must stay. */
otel__azure_members otel__azure_make_members(const otel__azure_tree *object, size_t most);
void otel__azure_add_members(otel__azure_tree *tree, const otel__azure_members *members);

/* Writes the tree and a NUL. Returns the length; 0: it does not fit, or memory failed. The room must be a few bytes
 * more than what is written. */
size_t otel__azure_print(const otel__azure_tree *tree, char *out, size_t size);
#endif
