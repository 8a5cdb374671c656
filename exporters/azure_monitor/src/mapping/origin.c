/* What all records of a resource share: tags, and the custom dimensions that are not among them. Made once. */
#include "origin.h"

#include "attribute_names.h"
#include "flatten.h"
#include "program.h"
#include "value_text.h"
#include <stdio.h>
#include <string.h>

enum {
    ROLE_UNITS = 256,
    VALUE_UNITS = 8192,
    SDK_VERSION_BYTES = 64,
    READY_BYTES = VALUE_UNITS /* none that was cut */
};

static const char unknown[] = "unknown_service", instance_id[] = "service.instance.id";

/* Resource attributes that are a tag and nothing else. service.name and its kin are not custom dimensions even where
 * another attribute makes the tag. */
static const struct {
    const char *attribute, *tag;
    size_t units;
} tagged[] = {
    {"service.version", "ai.application.ver", 1024}, {"device.id", "ai.device.id", 1024},
    {"device.model.name", "ai.device.model", 256},   {"device.manufacturer", "ai.device.oemName", 256},
    {"device.type", "ai.device.type", 64},           {"device.locale", "ai.device.locale", 64},
};
enum { TAGGED = sizeof tagged / sizeof *tagged };

/* "" when there is none. */
static otel__azure_text attribute(otel__azure_origin *o, const char *key, size_t units)
{
    otel_value value;
    bool found = o->resource && otel_resource_get(o->resource, key, &value);
    return found ? otel__azure_value_text(&o->memory, &value, units) : otel__azure_literal("");
}

/* The first of them that says something, else "". */
static otel__azure_text first_of(otel__azure_origin *o, const char *const *keys, size_t count)
{
    otel__azure_text text = otel__azure_literal("");
    for (size_t i = 0; i < count && !text.size; i++) text = attribute(o, keys[i], ROLE_UNITS);
    return text;
}

static void add_tag(otel__azure_origin *o, const char *key, otel__azure_text value)
{
    if (value.size) o->tags[o->tag_count++] = (otel__azure_tag){key, value};
}

static otel__azure_text joined(otel__azure_origin *o, const char *a, const char *between, const char *b)
{
    char text[8 * ROLE_UNITS];
    snprintf(text, sizeof text, "%s%s%s", a, *b ? between : "", b);
    return otel__azure_string_text(&o->memory, text, strlen(text), ROLE_UNITS);
}

/* The service by its name; one that nobody has named yields to what the cluster says. */
static otel__azure_text role(otel__azure_origin *o)
{
    static const char *const cluster[] = {"k8s.deployment.name", "k8s.replicaset.name", "k8s.statefulset.name",
                                          "k8s.job.name",        "k8s.cronjob.name",    "k8s.daemonset.name"};
    char program[256];
    otel__azure_text name = attribute(o, "service.name", ROLE_UNITS);
    otel__azure_text space = attribute(o, "service.namespace", ROLE_UNITS);
    if (!name.size || strncmp(name.data, unknown, sizeof unknown - 1) == 0) {
        otel__azure_text other = first_of(o, cluster, sizeof cluster / sizeof *cluster);
        if (other.size) return other;
    }
    otel__azure_program_name(program, sizeof program);
    if (!name.size) name = joined(o, unknown, ":", program);
    o->has_namespace = space.size > 0;
    return o->has_namespace ? joined(o, space.data, ".", name.data) : name;
}

/* An id that nobody gave is a random number, which tells an operator less than the name of the host. */
static bool is_random(const otel__azure_origin *o, const char *key)
{
    return strcmp(key, instance_id) == 0 && otel_resource_is_own(o->resource, key);
}

static otel__azure_text instance(otel__azure_origin *o)
{
    static const char *const keys[] = {"k8s.pod.name", instance_id, "host.name"};
    char host[256];
    otel__azure_text text = otel__azure_literal("");
    for (size_t i = 0; i < sizeof keys / sizeof *keys && !text.size; i++)
        if (!is_random(o, keys[i])) text = attribute(o, keys[i], ROLE_UNITS);
    if (text.size || !otel__azure_host_name(host, sizeof host)) return text;
    return otel__azure_string_text(&o->memory, host, strlen(host), ROLE_UNITS);
}

/* The letter that stands for where the program runs, as far as the resource knows. */
static char platform(otel__azure_origin *o)
{
    static const char *const cluster[] = {"k8s.pod.name", "k8s.cluster.name", "k8s.node.name", "k8s.deployment.name"};
    otel__azure_text cloud = attribute(o, "cloud.platform", ROLE_UNITS);
    if (strstr(cloud.data, "functions")) return 'f';
    if (strstr(cloud.data, "app_service")) return 'a';
    return strstr(cloud.data, "aks") || first_of(o, cluster, sizeof cluster / sizeof *cluster).size ? 'k' : 'u';
}

/* Platform, Linux, put in by hand; the language, the SDK, the exporter. */
static otel__azure_text sdk_version(otel__azure_origin *o)
{
    char text[128];
    snprintf(text, sizeof text, "%clm_c11:otel%s:ext%s", platform(o), otel_version(), otel_version());
    return otel__azure_string_text(&o->memory, text, strlen(text), SDK_VERSION_BYTES);
}

static void make_tags(otel__azure_origin *o)
{
    o->tag_count = 0;
    o->has_namespace = false;
    add_tag(o, "ai.cloud.role", role(o));
    add_tag(o, "ai.cloud.roleInstance", instance(o));
    add_tag(o, "ai.internal.sdkVersion", sdk_version(o));
    for (size_t i = 0; i < TAGGED; i++) add_tag(o, tagged[i].tag, attribute(o, tagged[i].attribute, tagged[i].units));
}

static bool is(const otel_attr *attr, const char *key)
{
    return attr->key_size == strlen(key) && memcmp(attr->key, key, attr->key_size) == 0;
}

static bool is_tag(const otel__azure_origin *o, const otel_attr *attr)
{
    static const char sdk[] = "telemetry.sdk.";
    if (attr->key_size >= sizeof sdk - 1 && memcmp(attr->key, sdk, sizeof sdk - 1) == 0) return true;
    for (size_t i = 0; i < TAGGED; i++)
        if (is(attr, tagged[i].attribute)) return true;
    return is(attr, "service.name") || (is(attr, instance_id) && !is_random(o, instance_id)) ||
           (o->has_namespace && is(attr, "service.namespace"));
}

static void make_dimensions(otel__azure_origin *o, bool flatten)
{
    otel_attr attr;
    const otel__azure_sink sink = {.dimensions = &o->dimensions, .memory = &o->memory, .flatten = flatten};
    for (size_t i = 0; otel_resource_at(o->resource, i, &attr); i++)
        if (!is_tag(o, &attr)) otel__azure_put(&sink, &attr);
}

static void make_process(otel__azure_origin *o)
{
    char program[256];
    o->process = attribute(o, otel__azure_attribute_name(OTEL__AZURE_EXECUTABLE_NAME), VALUE_UNITS);
    if (o->process.size || !otel__azure_program_name(program, sizeof program)) return;
    o->process = otel__azure_string_text(&o->memory, program, strlen(program), VALUE_UNITS);
}

static otel__azure_members ready_tags(otel__azure_origin *o)
{
    otel__azure_tree tree = otel__azure_object(&o->memory);
    for (uint32_t i = 0; i < o->tag_count; i++) otel__azure_add_text(&tree, o->tags[i].key, &o->tags[i].value);
    return otel__azure_make_members(&tree, READY_BYTES);
}

static bool has_note(otel__azure_origin *o)
{
    static const char *const notes[] = {"otel.truncated", "otel.dropped_attributes_count"};
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        otel__azure_dimension note = otel__azure_dimension_make(&o->memory, notes[i], strlen(notes[i]));
        if (otel__azure_dimension_find(&o->dimensions, &note)) return true;
    }
    return false;
}

/* Not those that have to be looked at one by one: one was cut, or stands in the place of a note. */
static otel__azure_members ready_dimensions(otel__azure_origin *o)
{
    const otel__azure_dimensions *d = &o->dimensions;
    otel__azure_tree tree = otel__azure_object(&o->memory);
    if (d->lost || has_note(o)) return (otel__azure_members){0};
    for (uint32_t i = 0; i < d->count; i++) otel__azure_add_text(&tree, d->at[i].key, &d->at[i].value);
    return otel__azure_make_members(&tree, READY_BYTES);
}

bool otel__azure_origin_make(otel__azure_origin *origin, const otel_resource *resource,
                             const otel__azure_mapping *mapping)
{
    if (origin->made && origin->resource == resource) return true;
    otel__azure_memory_reset(&origin->memory);
    otel__azure_dimensions_clear(&origin->dimensions);
    origin->resource = resource;
    make_tags(origin);
    make_process(origin);
    if (resource && !mapping->lean) make_dimensions(origin, mapping->flatten);
    origin->ready_tags = ready_tags(origin);
    origin->ready_dimensions = ready_dimensions(origin);
    return origin->made = !origin->memory.failed;
}

void otel__azure_origin_release(otel__azure_origin *origin)
{
    otel__azure_memory_release(&origin->memory);
    otel__azure_dimensions_release(&origin->dimensions);
    *origin = (otel__azure_origin){0};
}
