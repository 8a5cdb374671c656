/* The service's limit of one item: what does not fit is cut, the longest texts first. All texts are cut to one level,
 * found so that the item just fits; what is shorter stays whole. Where keys alone take the room, dimensions are dropped
 * from the end, which is the least important: the resource's, the scope's, the record's; what we say of the record
 * stays. */
#include "budget.h"

#include "document.h"
#include "truncated.h"
#include <string.h>

enum {
    LEAST = 32,     /* bytes of each text that stay: with less, fewer dimensions say more */
    AROUND_TEXT = 6 /* "":"", */
};

typedef struct budget {
    otel__azure_item *item;
    char *out;
    size_t size;
    uint32_t *lengths; /* of texts, escaped: the fields', then the dimensions' */
    bool *marked;      /* the same: we said that it was cut */
    uint64_t dropped;
    size_t fixed; /* what is neither a text nor around a dimension */
    size_t level;
} budget;

static uint32_t count_of(const budget *b)
{
    return OTEL__AZURE_FIELDS + b->item->dimensions->count;
}

static otel__azure_text *text_at(const budget *b, uint32_t i)
{
    return i < OTEL__AZURE_FIELDS ? &b->item->fields[i] : &b->item->dimensions->at[i - OTEL__AZURE_FIELDS].value;
}

static bool begin(budget *b)
{
    uint32_t count = count_of(b);
    b->lengths = otel__azure_take(b->item->memory, count * sizeof *b->lengths);
    b->marked = otel__azure_take(b->item->memory, count * sizeof *b->marked);
    if (!b->lengths || !b->marked) return false;
    for (uint32_t i = 0; i < count; i++) {
        const otel__azure_text *text = text_at(b, i);
        b->lengths[i] = text->data ? (uint32_t)otel__azure_text_escaped(text->data, text->size) : 0;
        b->marked[i] = false;
    }
    return true;
}

static bool is_there(const budget *b, const char *key)
{
    otel__azure_dimension wanted = otel__azure_dimension_named(key);
    return otel__azure_dimension_find(b->item->dimensions, &wanted) != NULL;
}

/* Whether the document has dimensions besides those that are counted one by one. */
static bool has_notes(const budget *b)
{
    return (b->item->truncated && !is_there(b, "otel.truncated")) ||
           (b->item->dropped && !is_there(b, "otel.dropped_attributes_count"));
}

/* The document with all texts empty and no dimension but our notes. */
static bool measure(budget *b)
{
    const size_t around_all = sizeof ",\"properties\":{}" - 1, last_comma = 1;
    otel__azure_dimensions none = *b->item->dimensions;
    none.count = 0;
    b->item->truncated = otel__azure_truncated(b->item, b->dropped);
    otel__azure_item bare = *b->item;
    bare.dimensions = &none;
    for (int i = 0; i < OTEL__AZURE_FIELDS; i++)
        if (bare.fields[i].data) bare.fields[i] = otel__azure_literal("");
    b->fixed = otel__azure_write_document(&bare, b->out, b->size);
    if (b->fixed == 0 || b->item->memory->failed) return false;
    if (!has_notes(b)) b->fixed += around_all - last_comma;
    return true;
}

static size_t around(const otel__azure_dimension *dimension)
{
    return otel__azure_text_escaped(dimension->key, dimension->key_size) + AROUND_TEXT;
}

/* Of everything around texts. */
static size_t frame_bytes(const budget *b)
{
    size_t sum = b->fixed;
    for (uint32_t i = 0; i < b->item->dimensions->count; i++) sum += around(&b->item->dimensions->at[i]);
    return sum;
}

static size_t text_bytes(const budget *b, size_t level)
{
    size_t sum = 0;
    for (uint32_t i = 0; i < count_of(b); i++) sum += b->lengths[i] < level ? b->lengths[i] : level;
    return sum;
}

static bool drop_what_has_no_room(budget *b)
{
    otel__azure_dimensions *d = b->item->dimensions;
    size_t bytes = frame_bytes(b) + text_bytes(b, LEAST);
    bool any = false;
    for (; d->count && bytes > OTEL__AZURE_ITEM_BYTES; any = true) {
        uint32_t length = b->lengths[count_of(b) - 1];
        bytes -= around(&d->at[d->count - 1]) + (length < LEAST ? length : LEAST);
        d->count--;
        b->dropped++;
        b->item->dropped++;
    }
    return any;
}

/* The highest level at which all fits. */
static void find_level(budget *b)
{
    size_t frame = frame_bytes(b), low = LEAST, high = OTEL__AZURE_ITEM_BYTES;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (frame + text_bytes(b, middle) <= OTEL__AZURE_ITEM_BYTES)
            low = middle;
        else
            high = middle - 1;
    }
    b->level = low;
}

/* Says of what is longer that it is cut; whether that is news. */
static bool mark(budget *b)
{
    bool news = false;
    for (uint32_t i = 0; i < count_of(b); i++) {
        otel__azure_text *text = text_at(b, i);
        if (b->lengths[i] <= b->level || text->characters) continue;
        text->characters = otel__azure_text_characters(text->data, text->size) & INT32_MAX;
        b->marked[i] = news = true;
    }
    return news;
}

static void cut(budget *b, uint32_t i)
{
    otel__azure_text *text = text_at(b, i);
    if (b->lengths[i] <= b->level) {
        if (b->marked[i]) text->characters = 0; /* in the end there was room for it */
        return;
    }
    size_t size = otel__azure_text_fit(text->data, text->size, b->level);
    char *to = otel__azure_take(b->item->memory, size + 1);
    if (!to) return;
    memcpy(to, text->data, size);
    to[size] = '\0';
    text->data = to;
    text->size = (uint32_t)size;
    text->zeros = memchr(to, '\0', size) != NULL;
}

/* The note grows with what is cut, and what is cut with the note: until neither does. */
static bool settle(budget *b)
{
    do {
        do
            if (!measure(b)) return false;
        while (drop_what_has_no_room(b));
        find_level(b);
    } while (mark(b));
    return true;
}

size_t otel__azure_write_within_budget(otel__azure_item *item, char *out, size_t size)
{
    budget b = {.item = item, .out = out, .size = size};
    otel__azure_dimensions_to_front(item->dimensions, item->ours, item->ours_end);
    if (!begin(&b) || !settle(&b)) return 0;
    for (uint32_t i = 0; i < count_of(&b); i++) cut(&b, i);
    item->truncated = otel__azure_truncated(item, b.dropped);
    return otel__azure_write_document(item, out, size);
}
