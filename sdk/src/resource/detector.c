/* Detectors by name: a table that programs add to, as that of exporters. */
#include "detector.h"
#include "common/variables.h"
#include "platform/platform.h"
#include "resource.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DETECTORS_MAX = 32, NAME_SIZE = 32 };

typedef struct detector {
    char name[NAME_SIZE];
    otel_resource *(*detect)(void);
    uint32_t flags;
} detector;

static detector table[DETECTORS_MAX] = {
    {"host", otel__detect_host, 0},
    {"os", otel__detect_os, OTEL_DETECTOR_ON_REQUEST},
    {"process", otel__detect_process, OTEL_DETECTOR_ON_REQUEST | OTEL_DETECTOR_PER_PROCESS},
    {"process_command", otel__detect_process_command, OTEL_DETECTOR_BY_NAME | OTEL_DETECTOR_PER_PROCESS},
    {"service", otel__detect_service, OTEL_DETECTOR_PER_PROCESS}};
static size_t count = 5; /* only grows; what is below it does not change */
static otel__lock lock;  /* cold, and never held across a call out */

static size_t known(void)
{
    otel__lock_take(&lock);
    size_t n = count;
    otel__lock_give(&lock);
    return n;
}

static size_t find(const char *name, size_t size)
{
    size_t i = 0;
    while (i < count && !(strlen(table[i].name) == size && strncasecmp(table[i].name, name, size) == 0)) i++;
    return i;
}

static bool is_name(const char *name)
{
    size_t size = name ? strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") : 0;
    return size && size < NAME_SIZE && !name[size] && strcasecmp(name, "all") != 0 && strcasecmp(name, "none") != 0;
}

static otel_result add(const char *name, otel_resource *(*detect)(void), uint32_t flags)
{
    size_t place = find(name, strlen(name));
    if (place < count) return table[place].detect == detect ? OTEL_OK : OTEL_ERR_ALREADY;
    if (count == DETECTORS_MAX) return OTEL_ERR_NO_MEMORY;
    table[count] = (detector){.detect = detect, .flags = flags};
    strcpy(table[count++].name, name);
    return OTEL_OK;
}

otel_result otel_resource_detector_register(const char *name, otel_resource *(*detect)(void), uint32_t flags)
{
    if (!is_name(name) || !detect) return OTEL_ERR_ARGUMENT;
    otel__lock_take(&lock);
    otel_result result = add(name, detect, flags);
    otel__lock_give(&lock);
    if (result == OTEL_ERR_ALREADY)
        otel_diag(OTEL_SEVERITY_WARN, "resource", "there is a detector %s already, the new one is not used", name);
    return result;
}

static otel__detected nothing(void)
{
    return (otel__detected){otel_resource_new(NULL, 0, NULL), otel_resource_new(NULL, 0, NULL), 0};
}

/* Adds what one finds; a second time nothing. */
static void ask(otel__detected *d, size_t place)
{
    if (d->asked & 1u << place) return;
    d->asked |= 1u << place;
    otel_resource *found = table[place].detect();
    if (!found) {
        otel_diag(OTEL_SEVERITY_ERROR, "resource", "detector %s failed, what it would say is left out",
                  table[place].name);
        return;
    }
    if (table[place].flags & OTEL_DETECTOR_PER_PROCESS)
        d->own = otel__resource_join(d->own, otel_resource_merge(NULL, found));
    d->all = otel__resource_join(d->all, found);
}

static void ask_all(otel__detected *d, uint32_t without)
{
    size_t n = known();
    for (size_t i = 0; i < n; i++)
        if (!(table[i].flags & without)) ask(d, i);
}

static void unknown(const char *name, size_t size)
{
    char names[512];
    size_t used = (size_t)snprintf(names, sizeof names, "all, none"), n = known();
    for (size_t i = 0; i < n && used < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, ", %s", table[i].name);
    otel_diag(OTEL_SEVERITY_WARN, "resource", "there is no detector \"%.*s\", it is left out; there are: %s",
              (int)(size < 64 ? size : 64), name, names);
}

static void ask_named(otel__detected *d, const char *name, size_t size)
{
    if (size == 4 && strncasecmp(name, "none", size) == 0) return;
    if (size == 3 && strncasecmp(name, "all", size) == 0) {
        ask_all(d, OTEL_DETECTOR_BY_NAME);
        return;
    }
    otel__lock_take(&lock);
    size_t place = find(name, size), end = count;
    otel__lock_give(&lock);
    if (place < end)
        ask(d, place);
    else
        unknown(name, size);
}

otel__detected otel__detect(const char *names)
{
    otel__detected d = nothing();
    if (!names) ask_all(&d, OTEL_DETECTOR_BY_NAME | OTEL_DETECTOR_ON_REQUEST);
    for (const char *at = names; at && *at;) {
        at += strspn(at, ", \t");
        size_t n = strcspn(at, ","), size = n;
        while (size && (at[size - 1] == ' ' || at[size - 1] == '\t')) size--;
        if (size) ask_named(&d, at, size);
        at += n;
    }
    return d;
}

otel__detected otel__detect_again(uint32_t asked)
{
    otel__detected d = nothing();
    for (size_t i = 0; i < DETECTORS_MAX; i++)
        if (asked & 1u << i && table[i].flags & OTEL_DETECTOR_PER_PROCESS) ask(&d, i);
    return d;
}
