/* A list of attributes as OTEL_RESOURCE_ATTRIBUTES holds it. */
#include "attribute_list.h"

#include <otel/sdk/environment.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t find(const attribute_list *list, const char *key)
{
    size_t at = 0;

    while (at < list->count && strcmp(list->keys[at], key) != 0) at++;
    return at;
}

const char *attribute_list_get(const attribute_list *list, const char *key)
{
    size_t at = find(list, key);

    return at < list->count ? list->values[at] : NULL;
}

static bool append(attribute_list *list, const char *key, char *value)
{
    char *own = list->count < ATTRIBUTE_LIST_ROOM ? strdup(key) : NULL;

    if (!own) return false;
    list->keys[list->count] = own;
    list->values[list->count++] = value;
    return true;
}

bool attribute_list_set(attribute_list *list, const char *key, const char *value)
{
    size_t at = find(list, key);
    char *own = strdup(value);

    if (own && at < list->count) {
        free(list->values[at]);
        list->values[at] = own;
        return true;
    }
    if (own && append(list, key, own)) return true;
    free(own);
    return false;
}

bool attribute_list_read(attribute_list *list, const char *text)
{
    char *copy = strdup(text ? text : ""), *at = copy, *key, *value;
    int32_t entry = -1;

    *list = (attribute_list){.count = 0};
    while (at && (entry = otel_env_list_next(&at, &key, &value, true)) == 1) {
        if (!attribute_list_set(list, key, value)) break;
    }
    free(copy);
    if (entry != 0) attribute_list_free(list);
    return entry == 0;
}

void attribute_list_free(attribute_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->keys[i]);
        free(list->values[i]);
    }
    list->count = 0;
}

static void print_encoded(FILE *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c < 0x80 && (isalnum(c) || strchr("-._~", c)))
            fputc(c, out);
        else
            fprintf(out, "%%%02X", c);
    }
}

char *attribute_list_text(const attribute_list *list)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out) return NULL;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0) fputc(',', out);
        print_encoded(out, list->keys[i]);
        fputc('=', out);
        print_encoded(out, list->values[i]);
    }
    const bool whole = ferror(out) == 0;
    if (fclose(out) == 0 && whole) return text;
    free(text);
    return NULL;
}
