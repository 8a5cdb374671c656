/* A request that libmicrohttpd has received, as something that a context is read from. */
#include "microhttpd_carrier.h"
#include <microhttpd.h>
#include <string.h>
#include <strings.h>

typedef struct search {
    const char *name, *value;
    size_t left;
} search;

static enum MHD_Result look(void *user, enum MHD_ValueKind kind, const char *name, const char *value)
{
    search *s = user;
    (void)kind;
    if (strcasecmp(name, s->name) != 0 || s->left-- > 0) return MHD_YES;
    s->value = value ? value : "";
    return MHD_NO;
}

static bool get(const void *carrier, const char *name, size_t nth, otel_str *value)
{
    search s = {name, NULL, nth};
    MHD_get_connection_values((struct MHD_Connection *)(uintptr_t)carrier, MHD_HEADER_KIND, look, &s);
    if (s.value) *value = (otel_str){s.value, strlen(s.value)};
    return s.value != NULL;
}

const otel_getter microhttpd_getter = {sizeof microhttpd_getter, get, NULL /* names are not listed */};
