/* The order in which a role's name and instance are looked for is Azure Monitor's. */
#include "role.h"

#include <string.h>

static desk_text first_text(desk_attributes resource, const desk_text *keys, size_t count)
{
    desk_text found = {NULL, 0};
    for (size_t i = 0; i < count && !found.at; i++) found = desk_attributes_text(resource, keys[i]);
    return found;
}

static desk_text instance_of(desk_attributes resource)
{
    static const desk_text keys[] = {
        DESK_TEXT_INIT("k8s.pod.name"),
        DESK_TEXT_INIT("service.instance.id"),
        DESK_TEXT_INIT("host.name"),
    };
    return first_text(resource, keys, sizeof keys / sizeof *keys);
}

static desk_text workload_of(desk_attributes resource)
{
    static const desk_text keys[] = {
        DESK_TEXT_INIT("k8s.deployment.name"),  DESK_TEXT_INIT("k8s.replicaset.name"),
        DESK_TEXT_INIT("k8s.statefulset.name"), DESK_TEXT_INIT("k8s.job.name"),
        DESK_TEXT_INIT("k8s.cronjob.name"),     DESK_TEXT_INIT("k8s.daemonset.name"),
    };
    return first_text(resource, keys, sizeof keys / sizeof *keys);
}

static bool join(desk_decoder *d, desk_text first, const char *between, desk_text second, desk_text *out)
{
    size_t middle = strlen(between), size = first.size + middle + second.size;
    char *joined = desk_take_memory(d, d->request, size, 1);
    if (!joined) return false;
    memcpy(joined, first.at, first.size);
    memcpy(joined + first.size, between, middle);
    memcpy(joined + first.size + middle, second.at, second.size);
    *out = (desk_text){joined, size};
    return true;
}

static bool name_without_service(desk_decoder *d, desk_attributes resource, desk_text *out)
{
    *out = workload_of(resource);
    if (out->at) return true;
    *out = desk_attributes_text(resource, DESK_TEXT("service.name"));
    if (out->at) return true;
    *out = DESK_TEXT("unknown_service");
    desk_text program = desk_attributes_text(resource, DESK_TEXT("process.executable.name"));
    return !program.at || join(d, *out, ":", program, out);
}

/* `c:otel1.0.0`, as the exporters of others say it. */
static bool sdk_version(desk_decoder *d, desk_attributes resource, desk_text *out)
{
    desk_text language = desk_attributes_text(resource, DESK_TEXT("telemetry.sdk.language"));
    desk_text version = desk_attributes_text(resource, DESK_TEXT("telemetry.sdk.version")), behind = {NULL, 0};
    if (!language.at || !version.at) return true;
    return join(d, DESK_TEXT("otel"), "", version, &behind) && join(d, language, ":", behind, out);
}

static bool role_name(desk_decoder *d, desk_origin *origin)
{
    desk_text name = desk_attributes_text(origin->resource, DESK_TEXT("service.name"));
    if (!name.at || desk_text_starts(name, DESK_TEXT("unknown_service")))
        return name_without_service(d, origin->resource, &origin->role_name);
    origin->role_name = name;
    desk_text space = desk_attributes_text(origin->resource, DESK_TEXT("service.namespace"));
    return !space.at || join(d, space, ".", name, &origin->role_name);
}

bool desk_role(desk_decoder *d, desk_origin *origin)
{
    origin->role_instance = instance_of(origin->resource);
    origin->application_version = desk_attributes_text(origin->resource, DESK_TEXT("service.version"));
    origin->client_model = desk_attributes_text(origin->resource, DESK_TEXT("device.model.name"));
    return sdk_version(d, origin->resource, &origin->sdk_version) && role_name(d, origin);
}

bool desk_role_attribute_is_told(const desk_origin *origin, const desk_attribute *attribute)
{
    if (desk_text_starts(attribute->key, DESK_TEXT("telemetry.sdk."))) return true;
    if (attribute->value.kind != DESK_STRING) return false;
    if (desk_text_is(attribute->key, DESK_TEXT("service.instance.id")))
        return desk_text_is(attribute->value.as.text, origin->role_instance);
    if (desk_text_is(attribute->key, DESK_TEXT("service.namespace")))
        return desk_text_starts(origin->role_name, attribute->value.as.text);
    return desk_text_is(attribute->key, DESK_TEXT("service.name"));
}
