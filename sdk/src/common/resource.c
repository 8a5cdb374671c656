/* The resource: defaults, environment and code, merged by rank, encoded once; reading goes through the encoded form. */
#include "resource.h"
#include "environment.h"
#include "platform/platform.h"
#include "variables.h"
#include "wire/reader.h"
#include "wire/writer.h"
#include <otel/sdk/allocator.h>
#include <stdio.h>
#include <string.h>

enum { ATTRIBUTES_MAX = 256 };

/* What is merged: borrowed values; a later set beats an earlier one. */
typedef struct merge {
    otel_attr attributes[ATTRIBUTES_MAX];
    size_t count;
} merge;

static void set(merge *m, otel_attr attr)
{
    if (!otel__wire_is_attribute(&attr)) return;
    for (size_t i = 0; i < m->count; i++)
        if (m->attributes[i].key_size == attr.key_size && memcmp(m->attributes[i].key, attr.key, attr.key_size) == 0) {
            m->attributes[i] = attr;
            return;
        }
    if (m->count < ATTRIBUTES_MAX)
        m->attributes[m->count++] = attr;
    else
        otel_diag(OTEL_SEVERITY_WARN, "resource", "more than %d attributes, \"%.64s\" is left out", ATTRIBUTES_MAX,
                  attr.key);
}

static void set_text(merge *m, const char *key, const char *text)
{
    if (text) set(m, OTEL_STR(key, text));
}

/* Any error discards the whole variable: half a list would be worse than none (Resource SDK, "Specifying resource
 * information via an environment variable"). The text is changed and must outlive the merge. */
static void set_list(merge *m, char *text)
{
    merge copy = *m;
    char *at = text, *key, *value;
    int32_t found;
    while ((found = otel_env_list_next(&at, &key, &value, true)) == 1) set_text(&copy, key, value);
    if (found == 0)
        *m = copy;
    else
        otel_diag(OTEL_SEVERITY_WARN, "resource", "%s is not a list key=value,…: all of it is ignored",
                  otel__env.OTEL_RESOURCE_ATTRIBUTES.name);
}

static void set_defaults(merge *m, const char *unknown_service, int64_t pid)
{
    set_text(m, "service.name", unknown_service);
    set_text(m, "telemetry.sdk.name", "opentelemetry-native-c");
    set_text(m, "telemetry.sdk.language", "c");
    set_text(m, "telemetry.sdk.version", OTEL_SDK_VERSION);
    set(m, OTEL_INT("process.pid", pid));
}

static void set_fallbacks(merge *m, const otel_options *o)
{
    set_text(m, "service.name", o->service_name && *o->service_name ? o->service_name : NULL);
    set_text(m, "service.version", o->service_version);
}

static void set_environment(merge *m, char *list)
{
    if (list) set_list(m, list);
    set_text(m, "service.name", otel_env_text(otel__env.OTEL_SERVICE_NAME.name));
}

static bool encode(otel_resource *r, const merge *m)
{
    uint64_t content = otel__wire_attributes_size(m->attributes, m->count);
    if (content >= OTEL__WIRE_TOO_LARGE) return false;
    r->size = (size_t)otel__wire_framed_size(content);
    r->bytes = otel_allocate(r->size);
    r->attributes = otel_allocate(sizeof(otel_attr) * (m->count + 1));
    if (!r->bytes || !r->attributes) return false;
    uint8_t *at = otel__wire_put_head(r->bytes, 0x0a, content);
    const uint8_t *end = otel__wire_attributes_write(at, 0x0a, m->attributes, m->count);
    const uint8_t *p = at;
    otel__wire_field field;
    while (r->count < m->count && otel__wire_next_field(&p, end, &field))
        if (otel__wire_read_key_value(field.bytes, field.size, &r->attributes[r->count])) r->count++;
    return true;
}

static char *copy_text(const char *text)
{
    char *copy = text ? otel_allocate(strlen(text) + 1) : NULL;
    return copy ? strcpy(copy, text) : NULL;
}

otel_resource *otel__resource_new(const otel_options *o)
{
    char program[256], unknown_service[300] = "unknown_service";
    otel_resource *r = otel_allocate(sizeof *r);
    merge *m = otel_allocate(sizeof *m);
    char *list = copy_text(otel_env_text(otel__env.OTEL_RESOURCE_ATTRIBUTES.name));
    if (otel__executable_name(program, sizeof program))
        snprintf(unknown_service, sizeof unknown_service, "unknown_service:%s", program);
    bool made = false;
    if (r && m) {
        r->pid = otel__process_id();
        set_defaults(m, unknown_service, otel__process_id());
        if (o->environment != OTEL_CODE_WINS) set_fallbacks(m, o);
        set_environment(m, list);
        if (o->environment == OTEL_CODE_WINS) set_fallbacks(m, o);
        for (size_t i = 0; i < o->resource_attribute_count; i++) set(m, o->resource_attributes[i]);
        made = encode(r, m);
    }
    otel_release(list);
    otel_release(m);
    if (made) return r;
    otel__resource_destroy(r);
    return NULL;
}

void otel__resource_renew(otel_resource *r)
{
    merge *m = otel_allocate(sizeof *m);
    otel_value pid;
    otel_resource renewed = {.pid = otel__process_id()};
    bool ours = otel_resource_get(r, "process.pid", &pid) && pid.type == OTEL_TYPE_INT && pid.u.integer == r->pid;
    for (size_t i = 0; m && i < r->count; i++) set(m, r->attributes[i]);
    if (m && ours) set(m, OTEL_INT("process.pid", renewed.pid));
    bool made = m && ours && encode(&renewed, m);
    otel_release(m);
    otel_release(made ? r->bytes : renewed.bytes);
    otel_release(made ? r->attributes : renewed.attributes);
    if (made) *r = renewed;
}

void otel__resource_destroy(otel_resource *resource)
{
    if (!resource) return;
    otel_release(resource->bytes);
    otel_release(resource->attributes);
    otel_release(resource);
}

bool otel_resource_get(const otel_resource *resource, const char *key, otel_value *value)
{
    size_t size = key ? strlen(key) : 0;
    for (size_t i = 0; resource && value && i < resource->count; i++)
        if (resource->attributes[i].key_size == size && memcmp(resource->attributes[i].key, key, size) == 0) {
            *value = resource->attributes[i].value;
            return true;
        }
    return false;
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
    (void)resource;
    return (otel_str){NULL, 0}; /* nothing here fills semantic-convention attributes of one version */
}
