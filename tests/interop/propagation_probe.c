/* Says what the propagators make of a carrier: a JSON request a line on standard input, a JSON reply a line on standard
 * output. Each request is extracted into its context, and the result injected again as it is. */
#include "probe_request.h"
#include <otel/propagation.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What came, and what was injected: names as the carrier knows them. */
static bool list_get(const void *carrier, const char *name, size_t nth, otel_str *value)
{
    const probe_headers *h = carrier;
    for (size_t i = 0; i < h->count; i++)
        if (strcasecmp(h->names[i], name) == 0 && nth-- == 0) {
            *value = h->values[i];
            return true;
        }
    return false;
}

static bool list_keys(const void *carrier, size_t nth, otel_str *name)
{
    const probe_headers *h = carrier;
    if (nth >= h->count) return false;
    *name = (otel_str){h->names[nth], strlen(h->names[nth])};
    return true;
}

static const otel_getter http_getter = {sizeof http_getter, list_get, list_keys};

static void put_text(otel_str text)
{
    putchar('"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static otel_str text_of(const char *text)
{
    return (otel_str){text, strlen(text)};
}

static void put_member(const char *name, otel_str value, const char *behind)
{
    printf("\"%s\": ", name);
    put_text(value);
    fputs(behind, stdout);
}

static void put_span_context(const otel_span_context *s)
{
    char trace[33] = "", span[17] = "", flags[3] = "";
    bool valid = otel_span_context_valid(s);
    if (valid) {
        otel_trace_id_hex(s->trace_id, trace);
        otel_span_id_hex(s->span_id, span);
        snprintf(flags, sizeof flags, "%02x", s->flags);
    }
    put_member("trace_id", text_of(trace), ", ");
    put_member("span_id", text_of(span), ", ");
    put_member("flags", text_of(flags), ", ");
    put_member("tracestate", valid ? s->trace_state : (otel_str){NULL, 0}, ", ");
}

static void put_baggage(const otel_baggage *baggage)
{
    uint32_t cursor = 0;
    otel_baggage_entry e;
    const char *between = "";
    fputs("\"baggage\": [", stdout);
    while (otel_baggage_next(baggage, &cursor, &e)) {
        printf("%s[", between);
        put_text(e.name);
        fputs(", ", stdout);
        put_text(e.value);
        fputs(", ", stdout);
        put_text(e.metadata);
        fputs("]", stdout);
        between = ", ";
    }
    fputs("], ", stdout);
}

static void print_pair(void *carrier, otel_str name, otel_str value)
{
    const char **between = carrier;
    fputs(*between, stdout);
    put_text(name);
    fputs(": ", stdout);
    put_text(value);
    *between = ", ";
}
static const otel_setter printing = {sizeof printing, print_pair};

static void print_env_pair(void *carrier, otel_str name, otel_str value)
{
    static char normal[1 << 15];
    size_t size = otel_env_name(name, normal, sizeof normal);
    if (size < sizeof normal) print_pair(carrier, (otel_str){normal, size}, value);
}
static const otel_setter printing_env = {sizeof printing_env, print_env_pair};

static void answer(const probe_request *r)
{
    static char room[1 << 17];
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    const char *between = "";
    otel_propagators_set_names(r->propagators, NULL);
    otel_context context = r->environment
                               ? otel_extract(&r->context, &otel_env_getter, probe_environment(&r->headers), &memory)
                               : otel_extract(&r->context, &http_getter, &r->headers, &memory);
    put_span_context(&context.span_context);
    put_baggage(context.baggage);
    fputs("\"inject\": {", stdout);
    otel_inject(&context, r->environment ? &printing_env : &printing, &between);
    fputs("}", stdout);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) >= 0) {
        probe_request request;
        static char name[1 << 16];
        if (!probe_read(line, &request)) return 1;
        putchar('{');
        put_member("id", text_of(request.id), ", ");
        if (request.envkey) {
            size_t size = otel_env_name(text_of(request.envkey), name, sizeof name);
            put_member("envkey", (otel_str){name, size < sizeof name ? size : sizeof name - 1}, "");
        } else {
            answer(&request);
        }
        puts("}");
        fflush(stdout);
        probe_free(&request);
    }
    free(line);
    return 0;
}
