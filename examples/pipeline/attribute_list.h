/* A list of attributes as OTEL_RESOURCE_ATTRIBUTES holds it: key1=value1,key2=value2, percent-encoded. */
#ifndef ATTRIBUTE_LIST_H
#define ATTRIBUTE_LIST_H
#include <stdbool.h>
#include <stddef.h>

enum { ATTRIBUTE_LIST_ROOM = 64 };

typedef struct attribute_list {
    char *keys[ATTRIBUTE_LIST_ROOM];
    char *values[ATTRIBUTE_LIST_ROOM];
    size_t count;
} attribute_list;

/* Reads the text (NULL: empty). false: it is malformed or too long, and the list is left empty. (The SDK discards a
 * list of which one entry is malformed: nothing may be added to such a one.) */
bool attribute_list_read(attribute_list *list, const char *text);
void attribute_list_free(attribute_list *list);

const char *attribute_list_get(const attribute_list *list, const char *key); /* NULL: not in the list */
bool attribute_list_set(attribute_list *list, const char *key, const char *value);

/* The list as text, to be freed; NULL: out of memory. */
char *attribute_list_text(const attribute_list *list);

#endif
