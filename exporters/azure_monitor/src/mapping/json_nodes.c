/* Trees of cJSON in an item's memory: nothing is allocated a node, nothing is freed. */
#include "json_nodes.h"

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static cJSON *new_node(otel__azure_memory *memory, int type)
{
    cJSON *node = otel__azure_take(memory, sizeof *node);
    if (node) *node = (cJSON){.type = type};
    return node;
}

/* cJSON only reads what it prints. */
static char *borrowed(const char *text)
{
    union {
        const char *given;
        char *taken;
    } pointer = {.given = text};
    return pointer.taken;
}

otel__azure_tree otel__azure_object(otel__azure_memory *memory)
{
    return (otel__azure_tree){.memory = memory, .root = new_node(memory, cJSON_Object)};
}

otel__azure_tree otel__azure_array(otel__azure_memory *memory)
{
    return (otel__azure_tree){.memory = memory, .root = new_node(memory, cJSON_Array)};
}

static void append(otel__azure_tree *tree, const char *key, cJSON *node)
{
    if (!node || !tree->root) return;
    node->string = borrowed(key);
    node->prev = tree->last;
    *(tree->last ? &tree->last->next : &tree->root->child) = node;
    tree->root->child->prev = node; /* as cJSON has it: the first knows the last */
    tree->last = node;
}

static void add_value(otel__azure_tree *tree, const char *key, int type, const char *value)
{
    cJSON *node = new_node(tree->memory, type | cJSON_IsReference | cJSON_StringIsConst);
    if (node) node->valuestring = borrowed(value);
    append(tree, key, node);
}

/* As cJSON does it: otel__azure_text_escaped() counts both. */
static char *put_escaped(char *to, unsigned char byte)
{
    static const char named[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    const char *name = byte ? strchr(named, byte) : NULL;
    if (!name && byte < 0x20) return to + snprintf(to, 7, "\\u%04x", byte);
    if (name) *to++ = '\\';
    *to++ = name ? names[name - named] : (char)byte;
    return to;
}

/* cJSON's strings end at a NUL: one that holds U+0000 is escaped here. */
static const char *quoted(otel__azure_memory *memory, const otel__azure_text *text)
{
    char *json = otel__azure_take(memory, (size_t)text->size * 6 + 3), *to = json;
    if (!json) return NULL;
    *to++ = '"';
    for (size_t i = 0; i < text->size; i++) to = put_escaped(to, (unsigned char)text->data[i]);
    memcpy(to, "\"", 2);
    return json;
}

void otel__azure_add_text(otel__azure_tree *tree, const char *key, const otel__azure_text *text)
{
    if (text->zeros)
        add_value(tree, key, cJSON_Raw, quoted(tree->memory, text));
    else
        add_value(tree, key, cJSON_String, text->data);
}

void otel__azure_add_string(otel__azure_tree *tree, const char *key, const char *text)
{
    add_value(tree, key, cJSON_String, text);
}

void otel__azure_add_raw(otel__azure_tree *tree, const char *key, const char *json)
{
    add_value(tree, key, cJSON_Raw, json);
}

void otel__azure_add_tree(otel__azure_tree *tree, const char *key, const otel__azure_tree *added)
{
    append(tree, key, added->root);
}

size_t otel__azure_print(const otel__azure_tree *tree, char *out, size_t size)
{
    if (tree->memory->failed || size > INT_MAX) return 0;
    return cJSON_PrintPreallocated(tree->root, out, (int)size, false) ? strlen(out) : 0;
}

/* {"key":...}: without what the key and the braces take. */
otel__azure_members otel__azure_make_members(const otel__azure_tree *object, size_t most)
{
    const cJSON *first = object->root ? object->root->child : NULL;
    char *text = first ? otel__azure_take(object->memory, most) : NULL;
    size_t size = text ? otel__azure_print(object, text, most) : 0;
    if (!size) return (otel__azure_members){0};
    text[size - 1] = '\0';
    size_t before = sizeof "{\"\":" - 1 + otel__azure_text_escaped(first->string, strlen(first->string));
    return (otel__azure_members){.key = first->string, .json = text + before};
}

void otel__azure_add_members(otel__azure_tree *tree, const otel__azure_members *members)
{
    if (members->key) otel__azure_add_raw(tree, members->key, members->json);
}
