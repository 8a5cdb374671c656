/* Resources: encoded once when they are made; reading goes through the encoded form. */
#include "resource.h"
#include "wire/reader.h"
#include "wire/writer.h"
#include <otel/sdk/allocator.h>
#include <string.h>

/* Attributes that a resource is made of: borrowed, each key once. */
typedef struct list {
    otel_attr *attributes;
    size_t count;
} list;

static bool same_key(const otel_attr *a, const otel_attr *b)
{
    return a->key_size == b->key_size && memcmp(a->key, b->key, a->key_size) == 0;
}

static void set(list *l, const otel_attr *attr)
{
    size_t i = 0;
    if (!otel__wire_is_attribute(attr)) return;
    while (i < l->count && !same_key(&l->attributes[i], attr)) i++;
    l->attributes[i] = *attr;
    if (i == l->count) l->count++;
}

static void set_all(list *l, const otel_attr *attributes, size_t count)
{
    for (size_t i = 0; i < count; i++) set(l, &attributes[i]);
}

static bool encode(otel_resource *r, const list *l, otel_str schema_url)
{
    uint64_t content = otel__wire_attributes_size(l->attributes, l->count);
    if (content >= OTEL__WIRE_TOO_LARGE || schema_url.size >= OTEL__WIRE_TOO_LARGE) return false;
    r->size = (size_t)(otel__wire_framed_size(content) + otel__wire_text_size(schema_url.size));
    r->bytes = otel_allocate(r->size);
    r->attributes = otel_allocate(sizeof(otel_attr) * (l->count + 1));
    if (!r->bytes || !r->attributes) return false;
    uint8_t *at = otel__wire_put_head(r->bytes, 0x0a, content);
    uint8_t *end = otel__wire_attributes_write(at, 0x0a, l->attributes, l->count);
    const uint8_t *p = at;
    otel__wire_field field;
    while (r->count < l->count && otel__wire_next_field(&p, end, &field))
        if (otel__wire_read_key_value(field.bytes, field.size, &r->attributes[r->count])) r->count++;
    const uint8_t *behind = otel__wire_text_write(end, 0x1a, schema_url.data, schema_url.size);
    if (schema_url.size) r->schema_url = (otel_str){(const char *)behind - schema_url.size, schema_url.size};
    return true;
}

static otel_resource *made(const list *l, otel_str schema_url)
{
    otel_resource *r = l->attributes ? otel_allocate(sizeof *r) : NULL;
    if (r) *r = (otel_resource){.count = 0};
    if (r && encode(r, l, schema_url)) return r;
    otel_resource_destroy(r);
    return NULL;
}

otel_resource *otel__resource_make(const otel_attr *attributes, size_t count, otel_str schema_url)
{
    list l = {otel_allocate(sizeof(otel_attr) * (count + 1)), 0};
    if (l.attributes && attributes) set_all(&l, attributes, count);
    otel_resource *r = made(&l, schema_url);
    otel_release(l.attributes);
    return r;
}

otel_resource *otel_resource_new(const otel_attr *attributes, size_t count, const char *schema_url)
{
    return otel__resource_make(attributes, count, (otel_str){schema_url, schema_url ? strlen(schema_url) : 0});
}

/* (Resource SDK, "Merge") */
static otel_str merged_url(const otel_resource *old, const otel_resource *updating)
{
    otel_str a = otel_resource_schema_url(old), b = otel_resource_schema_url(updating);
    if (!a.size || !b.size) return a.size ? a : b;
    if (a.size == b.size && memcmp(a.data, b.data, a.size) == 0) return a;
    otel_diag(OTEL_SEVERITY_ERROR, "resource", "two schema URLs, neither is used: \"%.*s\" and \"%.*s\"",
              (int)(a.size < 128 ? a.size : 128), a.data, (int)(b.size < 128 ? b.size : 128), b.data);
    return (otel_str){NULL, 0};
}

otel_resource *otel_resource_merge(const otel_resource *old, const otel_resource *updating)
{
    size_t before = otel_resource_count(old), more = otel_resource_count(updating);
    list l = {otel_allocate(sizeof(otel_attr) * (before + more + 1)), 0};
    if (l.attributes && before) set_all(&l, old->attributes, before);
    if (l.attributes && more) set_all(&l, updating->attributes, more);
    otel_resource *r = made(&l, merged_url(old, updating));
    otel_release(l.attributes);
    return r;
}

otel_resource *otel__resource_join(otel_resource *old, otel_resource *updating)
{
    otel_resource *both = old && updating ? otel_resource_merge(old, updating) : NULL;
    otel_resource_destroy(old);
    otel_resource_destroy(updating);
    return both;
}

void otel_resource_destroy(otel_resource *resource)
{
    if (!resource) return;
    otel_resource_destroy(resource->own);
    otel_release(resource->bytes);
    otel_release(resource->attributes);
    otel_release(resource);
}

bool otel__resource_find(const otel_resource *resource, const char *key, size_t size, otel_value *value)
{
    for (size_t i = 0; resource && value && i < resource->count; i++)
        if (resource->attributes[i].key_size == size && memcmp(resource->attributes[i].key, key, size) == 0) {
            *value = resource->attributes[i].value;
            return true;
        }
    return false;
}

bool otel_resource_get(const otel_resource *resource, const char *key, otel_value *value)
{
    return key && otel__resource_find(resource, key, strlen(key), value);
}

size_t otel_resource_count(const otel_resource *resource)
{
    return resource ? resource->count : 0;
}

bool otel_resource_at(const otel_resource *resource, size_t nth, otel_attr *attr)
{
    if (!resource || !attr || nth >= resource->count) return false;
    *attr = resource->attributes[nth];
    return true;
}

otel_str otel_resource_schema_url(const otel_resource *resource)
{
    return resource ? resource->schema_url : (otel_str){NULL, 0};
}
