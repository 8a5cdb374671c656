/* A request that libmicrohttpd has received, as something that a context is read from. */
#include "microhttpd_carrier.h"

#include <microhttpd.h>
#include <string.h>
#include <strings.h>

typedef struct search {
    const char *wanted; /* NULL: any */
    size_t left;
    const char *name, *value;
} search;

static enum MHD_Result look(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    search *s = user;
    (void)kind;
    if ((s->wanted && strcasecmp(name, s->wanted) != 0) || s->left-- > 0) return MHD_YES;
    s->name = name;
    s->value = value ? value : "";
    return MHD_NO;
}

static const char *find(const void *carrier, search *s)
{
    MHD_get_connection_values((struct MHD_Connection *)(uintptr_t)carrier, MHD_HEADER_KIND, look, s);
    return s->name;
}

static bool get(const void *carrier, const char *name, size_t nth, otel_str *value)
{
    search s = {.wanted = name, .left = nth};
    if (!find(carrier, &s)) return false;
    *value = (otel_str){s.value, strlen(s.value)};
    return true;
}

static bool keys(const void *carrier, size_t nth, otel_str *name)
{
    search s = {.left = nth};
    if (!find(carrier, &s)) return false;
    *name = (otel_str){s.name, strlen(s.name)};
    return true;
}

const otel_getter microhttpd_getter = {sizeof microhttpd_getter, get, keys};
