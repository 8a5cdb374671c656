/* What must hold of every input to propagators. */
#include "propagation_rounds.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SENT_MAX = 1 << 18, STATE_MOST = 32 * 514, BAGGAGE_MOST = 8192 };

static otel_str text_of(const char *text)
{
    return (otel_str){text, strlen(text)};
}

void cut_pieces(piece_list *list, const uint8_t *data, size_t size, const char *const *names, size_t count)
{
    list->count = 0;
    for (size_t at = 0; list->count < PIECES_MAX && at <= size; list->count++) {
        const uint8_t *end = at < size ? memchr(data + at, 0, size - at) : NULL;
        size_t length = end ? (size_t)(end - data) - at : size - at;
        list->names[list->count] = text_of(names[list->count < count ? list->count : count - 1]);
        list->values[list->count] = (otel_str){(const char *)data + at, length};
        at += length + 1;
    }
}

static bool piece_get(const void *carrier, const char *name, size_t nth, otel_str *value)
{
    const piece_list *list = carrier;
    for (size_t i = 0; i < list->count; i++)
        if (list->names[i].size == strlen(name) && !strncasecmp(list->names[i].data, name, list->names[i].size) &&
            nth-- == 0) {
            *value = list->values[i];
            return true;
        }
    return false;
}

static bool piece_keys(const void *carrier, size_t nth, otel_str *name)
{
    const piece_list *list = carrier;
    if (nth >= list->count) return false;
    *name = list->names[nth];
    return true;
}

const otel_getter piece_getter = {sizeof piece_getter, piece_get, piece_keys};

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_view(otel_str view, const otel_extract_memory *memory)
{
    const char *begin = memory->buffer;
    if (view.size && (view.data < begin || view.data + view.size > begin + memory->used)) fail("outside the memory");
}

static void check_memory(const otel_context *context, const otel_extract_memory *memory)
{
    uint32_t cursor = 0, count = 0;
    otel_baggage_entry e;
    if (memory->used > memory->capacity) fail("more memory than there is");
    check_view(context->span_context.trace_state, memory);
    for (; otel_baggage_next(context->baggage, &cursor, &e); count++) {
        check_view(e.name, memory);
        check_view(e.value, memory);
        check_view(e.metadata, memory);
    }
    if (context->baggage && count != context->baggage->count) fail("entries of the baggage");
}

static size_t most(otel_str name)
{
    if (name.size == 11 && !memcmp(name.data, "traceparent", 11)) return 55;
    if (name.size == 10 && !memcmp(name.data, "tracestate", 10)) return STATE_MOST;
    return BAGGAGE_MOST;
}

static bool printable(otel_str text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7e) return false;
    return true;
}

static void check_and_set(void *carrier, otel_str name, otel_str value)
{
    bool empty = !value.size && strncmp(name.data, "uberctx-", 8) != 0;
    if (!name.size || empty || value.size > most(name)) fail("length of a header");
    if (!printable(name) || !printable(value) || memchr(name.data, ':', name.size)) fail("characters of a header");
    if (value.data[value.size] != '\0') fail("no NUL behind a value");
    otel_header_text_setter.set(carrier, name, value);
}

static const otel_setter checking = {sizeof checking, check_and_set};

static void send(const otel_context *context, otel_text_carrier *sent)
{
    sent->size = 0;
    sent->buffer[0] = '\0';
    otel_inject(context, &checking, sent);
    if (sent->truncated) fail("more than fits");
}

/* With so much memory, in a block of its own. */
static void extract_into(const otel_getter *getter, const void *carrier, size_t capacity, otel_text_carrier *sent)
{
    char *room = malloc(capacity ? capacity : 1);
    otel_extract_memory memory = {.buffer = room, .capacity = capacity};
    otel_context context = otel_extract(NULL, getter, carrier, &memory);
    check_memory(&context, &memory);
    send(&context, sent);
    free(room);
}

void check_rounds(const char *propagators, const otel_getter *getter, const void *carrier, size_t small)
{
    static char first[SENT_MAX], second[SENT_MAX];
    otel_text_carrier one = {.buffer = first, .capacity = SENT_MAX}, two = {.buffer = second, .capacity = SENT_MAX};
    if (!otel_propagators_set_names(propagators, NULL)) fail("names of propagators");
    otel_extract(NULL, getter, carrier, NULL);
    extract_into(getter, carrier, small, &one);
    extract_into(getter, carrier, OTEL_EXTRACT_BYTES * 2, &one);
    const otel_str sent = {first, one.size};
    extract_into(&otel_header_text_getter, &sent, OTEL_EXTRACT_BYTES * 2, &two);
    if (one.size != two.size || memcmp(first, second, one.size) != 0) fail("sent again it is something else");
}

void check_all_rounds(const otel_getter *getter, const void *carrier, size_t small)
{
    static const char *const lists[] = {"tracecontext,baggage", "b3", "b3multi", "jaeger"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) check_rounds(lists[i], getter, carrier, small);
}
