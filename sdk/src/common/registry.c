/* Exporters by name: a table that programs add to. A table and not constructors: a static archive drops those silently.
 */
#include "registry.h"
#include "platform/platform.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAMES_MAX = 32 };

static otel_log_exporter_factory factories[NAMES_MAX];
static size_t count;
static otel__lock
    lock; /* cold; a fork while it is held ends in the child as a wait, so it is never held across a call out */

static otel_log_exporter_factory *find(const char *name, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(factories[i].name) == size && strncasecmp(factories[i].name, name, size) == 0) return &factories[i];
    return NULL;
}

otel_result otel_log_exporter_register(const otel_log_exporter_factory *factory)
{
    if (!factory || factory->size < sizeof *factory || !factory->name || !*factory->name || !factory->create)
        return OTEL_ERR_ARGUMENT;
    otel__lock_take(&lock);
    otel_log_exporter_factory *place = find(factory->name, strlen(factory->name));
    if (!place && count < NAMES_MAX) place = &factories[count++];
    if (place) *place = *factory;
    otel__lock_give(&lock);
    return place ? OTEL_OK : OTEL_ERR_NO_MEMORY;
}

otel_log_exporter *otel__registry_create(const char *name, size_t size, bool *known)
{
    otel__lock_take(&lock);
    const otel_log_exporter_factory *f = find(name, size);
    otel_log_exporter *(*create)(const struct otel_config *) = f ? f->create : NULL;
    otel__lock_give(&lock);
    *known = create != NULL;
    return create ? create(NULL) : NULL;
}

bool otel__registry_has(const char *name)
{
    otel__lock_take(&lock);
    bool has = find(name, strlen(name)) != NULL;
    otel__lock_give(&lock);
    return has;
}

void otel__registry_names(char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "none");
    otel__lock_take(&lock);
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, ", %s", factories[i].name);
    otel__lock_give(&lock);
}
