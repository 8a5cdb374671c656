/* Attributes as custom dimensions; flattened, a map is one an entry, keys joined with dots. */
#include "flatten.h"

#include "envelope.h"
#include "value_text.h"
#include <string.h>

enum {
    VALUE_UNITS = 8192,
    GENAI_UNITS = 262144,
    PATH_BYTES = 640 /* more than a key within the limit has */
};

/* A key that grows with depth. */
typedef struct path {
    char text[PATH_BYTES];
    size_t size;
} path;

static size_t limit_of(const otel_attr *attr)
{
    static const char *const longer[] = {"gen_ai.input.messages",        "gen_ai.output.messages",
                                         "gen_ai.system_instructions",   "gen_ai.tool.definitions",
                                         "gen_ai.tool.call.arguments",   "gen_ai.tool.call.result",
                                         "gen_ai.evaluation.explanation"};
    if (attr->key_size < 7 || memcmp(attr->key, "gen_ai.", 7) != 0) return VALUE_UNITS;
    for (size_t i = 0; i < sizeof longer / sizeof *longer; i++)
        if (attr->key_size == strlen(longer[i]) && memcmp(attr->key, longer[i], attr->key_size) == 0)
            return GENAI_UNITS;
    return VALUE_UNITS;
}

/* A key that somebody chose belongs to him; one that we made of several yields. */
static void put_one(const otel__azure_sink *sink, const otel_attr *attr, bool made)
{
    otel__azure_dimension dimension = otel__azure_dimension_make(sink->memory, attr->key, attr->key_size);
    if (sink->yields && otel__azure_dimension_find(sink->dimensions, &dimension)) return;
    dimension.value = otel__azure_value_text(sink->memory, &attr->value, limit_of(attr));
    (made ? otel__azure_dimension_yield : otel__azure_dimension_put)(sink->dimensions, sink->memory, &dimension);
}

static void append(path *to, const char *text, size_t size)
{
    size_t room = sizeof to->text - to->size;
    size_t taken = size < room ? size : room;
    memcpy(to->text + to->size, text, taken);
    to->size += taken;
}

/* No name fits behind it any more. */
static bool is_full(const path *p)
{
    return otel__azure_text_prefix(p->text, p->size, OTEL__AZURE_KEY_UNITS - 2).in < p->size;
}

static void put_entries(const otel__azure_sink *sink, const otel_value *map, path *to, bool made);

/* The path ends as it began. */
static void put_entry(const otel__azure_sink *sink, const otel_attr *entry, path *to)
{
    size_t before = to->size;
    append(to, ".", 1);
    append(to, entry->key, entry->key_size);
    put_entries(sink, &entry->value, to, true);
    to->size = before;
}

static void put_entries(const otel__azure_sink *sink, const otel_value *value, path *to, bool made)
{
    otel_attr entry, whole = otel_attrn(to->text, (uint32_t)to->size, *value);
    otel_iter it = otel_value_entries(value);
    if (!otel_attr_next(&it, &entry) || is_full(to)) {
        put_one(sink, &whole, made);
        return;
    }
    do put_entry(sink, &entry, to);
    while (otel_attr_next(&it, &entry));
}

void otel__azure_put(const otel__azure_sink *sink, const otel_attr *attr)
{
    if (!sink->flatten || attr->value.type != OTEL_TYPE_MAP) {
        put_one(sink, attr, false);
        return;
    }
    path to = {.size = 0};
    append(&to, attr->key, attr->key_size);
    put_entries(sink, &attr->value, &to, false);
}
