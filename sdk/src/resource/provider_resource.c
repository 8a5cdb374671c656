/* The resource of a provider: layers, of which each beats the one before; and again in the child of a fork. */
#include "common/environment.h"
#include "common/variables.h"
#include "detector.h"
#include "platform/platform.h"
#include "resource.h"
#include <otel/sdk/allocator.h>
#include <stdio.h>
#include <string.h>

static otel_resource *defaults(void)
{
    char program[256], name[300] = "unknown_service";
    if (otel__executable_name(program, sizeof program)) snprintf(name, sizeof name, "unknown_service:%s", program);
    const otel_attr attributes[] = {
        OTEL_STR("service.name", name), OTEL_STR("telemetry.sdk.name", "opentelemetry-native-c"),
        OTEL_STR("telemetry.sdk.language", "c"), OTEL_STR("telemetry.sdk.version", OTEL_SDK_VERSION)};
    return otel_resource_new(attributes, 4, NULL);
}

static otel_resource *process_id(void)
{
    const otel_attr pid = OTEL_INT("process.pid", otel__process_id());
    return otel_resource_new(&pid, 1, NULL);
}

/* "" says as little as NULL. */
static otel_attr said(const char *key, const char *text)
{
    return otel_attr_optional(key, text && *text ? text : NULL);
}

static otel_resource *fallbacks(const otel_options *o)
{
    const otel_attr attributes[] = {said("service.name", o->service_name), said("service.version", o->service_version)};
    return otel_resource_new(attributes, 2, NULL);
}

/* Any error discards the whole list: half of one would be worse than none (Resource SDK, "Specifying resource
 * information via an environment variable"). *attributes has room for all; the text is changed. */
static size_t read_list(char *text, otel_attr *attributes)
{
    char *at = text, *key, *value;
    int32_t found;
    size_t n = 0;
    while ((found = otel_env_list_next(&at, &key, &value, true)) == 1) attributes[n++] = OTEL_STR(key, value);
    if (found == 0) return n;
    otel_diag(OTEL_SEVERITY_WARN, "resource", "%s is not a list key=value,…: all of it is ignored",
              otel__env.OTEL_RESOURCE_ATTRIBUTES.name);
    return 0;
}

static otel_resource *of_list(const char *text)
{
    size_t size = strlen(text), entries = 1;
    for (const char *p = text; *p; p++) entries += *p == ',';
    char *copy = otel_allocate(size + 1);
    otel_attr *attributes = otel_allocate(entries * sizeof *attributes);
    otel_resource *r = NULL;
    if (copy && attributes) {
        memcpy(copy, text, size + 1);
        r = otel_resource_new(attributes, read_list(copy, attributes), NULL);
    }
    otel_release(attributes);
    otel_release(copy);
    return r;
}

static otel_resource *environment(void)
{
    const char *list = otel_env_text(otel__env.OTEL_RESOURCE_ATTRIBUTES.name);
    const otel_attr name = said("service.name", otel_env_text(otel__env.OTEL_SERVICE_NAME.name));
    return otel__resource_join(list ? of_list(list) : otel_resource_new(NULL, 0, NULL),
                               otel_resource_new(&name, 1, NULL));
}

static const char *detectors(const otel_options *o)
{
    const char *variable = otel_env_text(otel__env.OTEL_C_RESOURCE_DETECTORS.name);
    if (o->environment == OTEL_CODE_WINS && o->resource_detectors) return o->resource_detectors;
    return variable ? variable : o->resource_detectors;
}

/* What the program says for good. */
static otel_resource * final(const otel_options *o)
{
    otel_resource *attributes = otel_resource_new(o->resource_attributes, o->resource_attribute_count, NULL);
    return otel__resource_join(attributes, otel_resource_merge(NULL, o->resource));
}

otel_resource *otel__resource_of(const otel_options *o)
{
    bool code_wins = o->environment == OTEL_CODE_WINS;
    otel__detected detected = otel__detect(detectors(o));
    otel_resource *r = otel__resource_join(defaults(), process_id());
    r = otel__resource_join(r, detected.all);
    r = otel__resource_join(r, code_wins ? environment() : fallbacks(o));
    r = otel__resource_join(r, code_wins ? fallbacks(o) : environment());
    r = otel__resource_join(r, final(o));
    otel_resource *own = otel__resource_join(process_id(), detected.own);
    if (r && own) {
        r->own = own;
        r->detectors = detected.asked;
        return r;
    }
    otel_resource_destroy(r);
    otel_resource_destroy(own);
    return NULL;
}

otel_resource *otel_resource_default(void)
{
    return otel__resource_of(&(otel_options){.service_name = NULL});
}

/* A fork. -----------------------------------------------------------------------------------------------------------
 */

static bool same_value(const otel_value *a, const otel_value *b)
{
    if (a->type != b->type || a->size != b->size) return false;
    if (a->type == OTEL_TYPE_INT || a->type == OTEL_TYPE_DOUBLE) return a->u.integer == b->u.integer;
    if (a->type == OTEL_TYPE_BOOL) return a->u.boolean == b->u.boolean;
    return a->size == 0 || memcmp(a->u.data, b->u.data, a->size) == 0;
}

/* Whether the attribute says what we had found for the parent: else somebody had set it, for good. */
static bool was_found(const otel_resource *own, const otel_attr *attr)
{
    otel_value v;
    return otel__resource_find(own, attr->key, attr->key_size, &v) && same_value(&v, &attr->value);
}

bool otel_resource_is_own(const otel_resource *resource, const char *key)
{
    otel_attr attr = otel_attr_optional(key, "");
    return resource && key && otel_resource_get(resource, key, &attr.value) && was_found(resource->own, &attr);
}

/* With what is the child's in the place of what was the parent's. NULL: out of memory. */
static otel_resource *of_child(const otel_resource *r, const otel_resource *own)
{
    otel_attr *attributes = otel_allocate((r->count + 1) * sizeof *attributes);
    size_t n = 0;
    for (size_t i = 0; attributes && i < r->count; i++) {
        attributes[n] = r->attributes[i];
        bool replaced = was_found(r->own, &attributes[n]);
        if (!replaced || otel__resource_find(own, attributes[n].key, attributes[n].key_size, &attributes[n].value)) n++;
    }
    otel_resource *child = attributes ? otel__resource_make(attributes, n, r->schema_url) : NULL;
    otel_release(attributes);
    return child;
}

void otel__resource_renew(otel_resource *r)
{
    otel__detected detected = otel__detect_again(r->detectors);
    otel_resource *own = otel__resource_join(process_id(), detected.own);
    otel_resource *child = own ? of_child(r, own) : NULL;
    otel_resource_destroy(detected.all);
    if (!child) {
        otel_resource_destroy(own);
        return;
    }
    otel_resource parent = *r;
    *r = *child; /* in its place: records and batches point at it */
    r->own = own;
    r->detectors = parent.detectors;
    *child = parent;
    otel_resource_destroy(child);
}
