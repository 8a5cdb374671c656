/* The connection string of an Application Insights resource. */
#include "connection_string.h"

#include "endpoint.h"
#include "pairs.h"

#include <otel/sdk/allocator.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_ENDPOINT "https://dc.services.visualstudio.com"
#define TRACK_PATH "/v2.1/track"

/* What the string says, as views into it; data NULL: not said. */
typedef struct parts {
    otel_str key, ingestion, suffix, location, audience, authorization;
} parts;

/* Unknown names are for others. */
static otel_str *part_of(parts *all, otel_str name)
{
    const struct {
        const char *name;
        otel_str *part;
    } known[] = {{"InstrumentationKey", &all->key}, {"IngestionEndpoint", &all->ingestion},
                 {"EndpointSuffix", &all->suffix},  {"Location", &all->location},
                 {"AADAudience", &all->audience},   {"Authorization", &all->authorization}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (otel__azure_same(name, known[i].name)) return known[i].part;
    return NULL;
}

/* The last of a name wins. A piece without '=' is the end of a string that was cut: what is missing would be replaced
 * by defaults that nobody meant. */
static bool split(const char *text, parts *all)
{
    otel_str name, value;
    int found;
    while ((found = otel__azure_pair_next(&text, &name, &value)) == 1) {
        otel_str *part = part_of(all, name);
        if (part) *part = value;
    }
    if (all->suffix.data) all->suffix = otel__azure_trim(all->suffix, ".");
    return found == 0;
}

static bool only(otel_str text, const char *also)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr(also, c))) return false;
    }
    return true;
}

static const char *key_fault(otel_str key)
{
    if (!key.size) return key.data ? "it is empty" : "it is missing";
    if (key.size > OTEL__AZURE_KEY_BYTES) return "it is longer than 40 characters";
    return only(key, "-_.") ? NULL : "it has a character that keys do not have";
}

static const char *audience_fault(otel_str audience)
{
    for (size_t i = 0; i < audience.size; i++)
        if (audience.data[i] <= ' ' || audience.data[i] >= 0x7f) return "it has a character that audiences do not have";
    return NULL;
}

/* The suffix and the location only matter without an endpoint. One that is named and empty is not replaced by the
 * default: that is somebody else's address. */
static otel__azure_fault fault_of(const parts *all)
{
    const char *key = key_fault(all->key), *audience = audience_fault(all->audience);
    if (key) return (otel__azure_fault){"InstrumentationKey: ", key};
    if (audience) return (otel__azure_fault){"AADAudience: ", audience};
    if (all->ingestion.data)
        return (otel__azure_fault){"IngestionEndpoint: ", all->ingestion.size ? NULL : "it is empty"};
    if (!all->suffix.data) return (otel__azure_fault){0};
    if (!all->suffix.size) return (otel__azure_fault){"EndpointSuffix: ", "it is empty"};
    if (!only(all->suffix, ".-:"))
        return (otel__azure_fault){"EndpointSuffix: ", "it has a character that hosts do not have"};
    return (otel__azure_fault){"Location: ", only(all->location, "") ? NULL : "it is not letters and digits"};
}

static char *copy(otel_str text)
{
    char *made = otel_allocate(text.size + 1);
    if (made && text.size) memcpy(made, text.data, text.size);
    return made;
}

/* "https://[Location.]dc.<EndpointSuffix>" */
static char *endpoint_of_suffix(const parts *all)
{
    otel_str suffix = all->suffix, location = all->location;
    size_t size = sizeof "https://.dc." + location.size + suffix.size;
    char *made = otel_allocate(size);
    if (made)
        snprintf(made, size, "https://%.*s%sdc.%.*s", (int)location.size, location.size ? location.data : "",
                 location.size ? "." : "", (int)suffix.size, suffix.data);
    return made;
}

static char *endpoint_of(const parts *all)
{
    if (all->ingestion.data) return copy(all->ingestion);
    return all->suffix.data ? endpoint_of_suffix(all) : copy((otel_str){DEFAULT_ENDPOINT, strlen(DEFAULT_ENDPOINT)});
}

static otel__azure_fault read_endpoint(otel__azure_connection *connection, const parts *all)
{
    otel__azure_fault fault = {all->ingestion.data ? "IngestionEndpoint: " : "EndpointSuffix: ", NULL};
    char *endpoint = endpoint_of(all);
    if (endpoint) fault.what = otel__azure_endpoint_fault(endpoint);
    if (endpoint && !fault.what) connection->track_url = otel__azure_endpoint_join(endpoint, TRACK_PATH);
    otel_release(endpoint);
    return fault;
}

static otel__azure_fault take(otel__azure_connection *connection, const parts *all)
{
    otel__azure_fault fault = fault_of(all);
    if (!fault.what) fault = read_endpoint(connection, all);
    if (fault.what) return fault;
    connection->instrumentation_key = copy(all->key);
    if (all->audience.size) connection->audience = copy(all->audience);
    connection->other_scheme = all->authorization.data && !otel__azure_same(all->authorization, "ikey");
    bool whole =
        connection->track_url && connection->instrumentation_key && (connection->audience || !all->audience.size);
    if (!whole) otel__azure_connection_release(connection);
    return (otel__azure_fault){"", whole ? NULL : "there is no memory for it"};
}

otel__azure_fault otel__azure_connection_read(otel__azure_connection *connection, const char *text)
{
    parts all = {0};
    *connection = (otel__azure_connection){0};
    if (strnlen(text, OTEL__AZURE_CONNECTION_BYTES + 1) > OTEL__AZURE_CONNECTION_BYTES)
        return (otel__azure_fault){"", "it is longer than 4096 bytes"};
    if (*text == '"' || *text == '\'') return (otel__azure_fault){"", "it begins with a quotation mark"};
    if (!split(text, &all)) return (otel__azure_fault){"", "a part of it has no '='"};
    return take(connection, &all);
}

otel__azure_fault otel__azure_connection_of_key(otel__azure_connection *connection, const char *key)
{
    *connection = (otel__azure_connection){0};
    otel__azure_fault fault =
        take(connection, &(parts){.key = otel__azure_trim((otel_str){key, strlen(key)}, " \t\r\n")});
    return (otel__azure_fault){"", fault.what};
}

void otel__azure_connection_release(otel__azure_connection *connection)
{
    otel_release(connection->instrumentation_key);
    otel_release(connection->track_url);
    otel_release(connection->audience);
    *connection = (otel__azure_connection){0};
}

bool otel__azure_is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != sizeof shape - 1) return false;
    for (size_t i = 0; text[i]; i++)
        if (shape[i] == '-' ? text[i] != '-' : !strchr("0123456789abcdefABCDEF", text[i])) return false;
    return true;
}
