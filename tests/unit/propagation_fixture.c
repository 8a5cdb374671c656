/* Rows of tables for propagators. */
#include "propagation_fixture.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool split(const char *line, otel_str *name, otel_str *value)
{
    const char *colon = strchr(line, ':');
    *name = (otel_str){line, (size_t)(colon - line)};
    *value = (otel_str){colon + 1, strlen(colon + 1)};
    return true;
}

static bool list_get(const void *carrier, const char *wanted, size_t nth, otel_str *value)
{
    const header_list *list = carrier;
    otel_str name;
    for (size_t i = 0; i < list->count; i++) {
        split(list->lines[i], &name, value);
        if (name.size == strlen(wanted) && strncasecmp(name.data, wanted, name.size) == 0 && nth-- == 0) return true;
    }
    return false;
}

static bool list_keys(const void *carrier, size_t nth, otel_str *name)
{
    const header_list *list = carrier;
    otel_str value;
    return nth < list->count && split(list->lines[nth], name, &value);
}

const otel_getter list_getter = {sizeof list_getter, list_get, list_keys};

static void say(void *carrier, otel_str name, otel_str value)
{
    said *s = carrier;
    bool ended = value.data[value.size] == '\0'; /* as setters may rely on */
    s->size += (size_t)snprintf(s->text + s->size, sizeof s->text - s->size, "%s%.*s:%.*s%s", s->size ? "|" : "",
                                (int)name.size, name.data, (int)value.size, value.data, ended ? "" : " NOT ENDED");
}

const otel_setter said_setter = {sizeof said_setter, say};

static void put(char *out, size_t size, otel_str text)
{
    size_t at = strlen(out);
    for (size_t i = 0; i < text.size && at + 1 < size; i++) out[at++] = text.data[i] ? text.data[i] : '^';
    out[at] = '\0';
}

static void put_text(char *out, size_t size, const char *text)
{
    put(out, size, (otel_str){text, strlen(text)});
}

static void ids_text(const otel_span_context *s, char *out, size_t size)
{
    char trace[33], span[17], flags[5];
    out[0] = '\0';
    if (!otel_span_context_valid(s)) return;
    otel_trace_id_hex(s->trace_id, trace);
    otel_span_id_hex(s->span_id, span);
    snprintf(flags, sizeof flags, "%02x%s", s->flags, s->debug ? "d" : "");
    snprintf(out, size, "%s-%s-%s%s", trace, span, flags, s->trace_state.size ? " " : "");
    put(out, size, s->trace_state);
    if (!s->remote) put_text(out, size, " NOT REMOTE");
}

void context_text(const otel_context *context, char *ids, char *baggage, size_t size)
{
    uint32_t cursor = 0;
    otel_baggage_entry e;
    ids_text(&context->span_context, ids, size);
    baggage[0] = '\0';
    while (otel_baggage_next(context->baggage, &cursor, &e)) {
        put_text(baggage, size, baggage[0] ? "," : "");
        put(baggage, size, e.name);
        put_text(baggage, size, "=");
        put(baggage, size, e.value);
        put_text(baggage, size, e.metadata.size ? ";" : "");
        put(baggage, size, e.metadata);
    }
}

static bool same(const row *r, const char *what, const char *found, const char *wanted)
{
    if (strcmp(found, wanted) == 0) return true;
    fprintf(stderr, "%s, %s\n  in:    ", r->rule, r->propagators);
    for (size_t i = 0; r->in[i]; i++) fprintf(stderr, "%s|", r->in[i]);
    fprintf(stderr, "\n  %s: %s\n  wanted: %s\n", what, found, wanted);
    return false;
}

bool row_holds(const row *r)
{
    static char room[1 << 17], ids[SAID_MAX], baggage[SAID_MAX];
    static said out;
    header_list list = {r->in, 0};
    while (r->in[list.count]) list.count++;
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    out.size = 0;
    out.text[0] = '\0';
    if (!otel_propagators_set_names(r->propagators, NULL)) return same(r, "names", "unknown", "known");
    otel_context context = otel_extract(NULL, &list_getter, &list, &memory);
    otel_inject(&context, &said_setter, &out);
    context_text(&context, ids, baggage, sizeof ids);
    bool good = same(r, "ids", ids, r->ids ? r->ids : "");
    good = same(r, "baggage", baggage, r->baggage ? r->baggage : "") && good;
    return same(r, "out", out.text, r->out ? r->out : "") && !memory.truncated && good;
}

bool rows_hold(const row *rows, size_t count)
{
    size_t bad = 0;
    for (size_t i = 0; i < count; i++) bad += !row_holds(&rows[i]);
    otel_propagators_set(NULL, 0);
    return count && !bad;
}
