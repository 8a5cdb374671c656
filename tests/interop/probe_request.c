/* Reading a request of the propagation probe. */
#include "probe_request.h"
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_in(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(item) ? item->valuestring : "";
}

static void add(probe_headers *h, const char *name, const char *value, size_t size)
{
    if (h->count == PROBE_HEADERS_MAX) return;
    char *copy = malloc(size + 1);
    memcpy(copy, value, size);
    copy[size] = '\0';
    h->names[h->count] = strdup(name);
    h->values[h->count] = (otel_str){copy, size};
    char *entry = malloc(strlen(name) + size + 2);
    sprintf(entry, "%s=%s", name, copy);
    h->entries[h->count++] = entry;
}

static void add_hex(probe_headers *h, const char *name, const char *hex)
{
    size_t size = strlen(hex) / 2;
    char *bytes = malloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        unsigned byte = 0;
        sscanf(hex + 2 * i, "%2x", &byte);
        bytes[i] = (char)byte;
    }
    add(h, name, bytes, size);
    free(bytes);
}

static void add_one(probe_headers *h, const cJSON *value, const char *name, bool hex)
{
    if (!cJSON_IsString(value)) return;
    if (hex)
        add_hex(h, name, value->valuestring);
    else
        add(h, name, value->valuestring, strlen(value->valuestring));
}

static void add_all(probe_headers *h, const cJSON *object, bool hex)
{
    const cJSON *header, *value;
    cJSON_ArrayForEach(header, object)
    {
        add_one(h, header, header->string, hex);
        if (cJSON_IsArray(header)) cJSON_ArrayForEach(value, header) add_one(h, value, header->string, hex);
    }
}

static otel_str item_text(const cJSON *list, int n)
{
    const cJSON *item = cJSON_GetArrayItem(list, n);
    return cJSON_IsString(item) ? (otel_str){item->valuestring, strlen(item->valuestring)} : (otel_str){NULL, 0};
}

static void read_context(probe_request *r, const cJSON *object)
{
    const char *trace = text_in(object, "trace_id"), *span = text_in(object, "span_id"),
               *state = text_in(object, "tracestate");
    otel_span_context *s = &r->context.span_context;
    otel_trace_id_parse(trace, strlen(trace), s->trace_id);
    otel_span_id_parse(span, strlen(span), s->span_id);
    s->flags = (uint8_t)strtoul(text_in(object, "flags"), NULL, 16);
    snprintf(r->trace_state, sizeof r->trace_state, "%s", state);
    s->trace_state = (otel_str){r->trace_state, strlen(r->trace_state)};
    const cJSON *entry;
    otel_baggage_init(&r->baggage, r->baggage_room, sizeof r->baggage_room);
    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(object, "baggage"))
    {
        const otel_baggage_entry e = {item_text(entry, 0), item_text(entry, 1), item_text(entry, 2)};
        otel_baggage_set_entry(&r->baggage, &e);
    }
    r->context.baggage = &r->baggage;
}

bool probe_read(const char *line, probe_request *r)
{
    cJSON *object = cJSON_Parse(line);
    memset(r, 0, sizeof *r);
    if (!cJSON_IsObject(object)) {
        cJSON_Delete(object);
        return false;
    }
    const cJSON *envkey = cJSON_GetObjectItemCaseSensitive(object, "envkey");
    r->id = strdup(text_in(object, "id"));
    r->propagators = strdup(text_in(object, "propagators"));
    r->envkey = cJSON_IsString(envkey) ? strdup(envkey->valuestring) : NULL;
    r->environment = strcmp(text_in(object, "carrier"), "env") == 0;
    add_all(&r->headers, cJSON_GetObjectItemCaseSensitive(object, "headers"), false);
    add_all(&r->headers, cJSON_GetObjectItemCaseSensitive(object, "headers_hex"), true);
    read_context(r, cJSON_GetObjectItemCaseSensitive(object, "context"));
    cJSON_Delete(object);
    return true;
}

void probe_free(probe_request *r)
{
    for (size_t i = 0; i < r->headers.count; i++) {
        free(r->headers.names[i]);
        free((char *)(uintptr_t)r->headers.values[i].data);
        free(r->headers.entries[i]);
    }
    free(r->id);
    free(r->envkey);
    free(r->propagators);
}

char *const *probe_environment(const probe_headers *headers)
{
    return headers->entries;
}
