/* Redaction: looks for keys and for text in a value, however deep, and builds one without. */
#include "redaction.h"
#include "pattern.h"
#include <otel/sdk/allocator.h>
#include <otel/sdk/log_record.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST = 64, NUMBER = 64 };

/* Compiling. --------------------------------------------------------------------------------------------------------
 */

const char *otel__redaction_compile(otel__redaction *r, char words[128])
{
    r->expression = otel_allocate(sizeof *r->expression);
    if (!r->expression) return "there is no memory";
    int error = regcomp(r->expression, r->text, REG_EXTENDED);
    if (error) {
        regerror(error, r->expression, words, 128);
        otel_release(r->expression);
        r->expression = NULL;
        return words;
    }
    return regexec(r->expression, "", 0, NULL, 0) == 0 ? "it matches nothing at all, and so everywhere" : NULL;
}

void otel__redaction_free(otel__redaction *r)
{
    if (!r->expression) return;
    regfree(r->expression);
    otel_release(r->expression);
    r->expression = NULL;
}

/* Text. -------------------------------------------------------------------------------------------------------------
 */

typedef struct walk {
    const otel__redaction *redaction;
    otel__scratch *scratch;
} walk;

static bool find(walk *w, const char *text, int flags, regmatch_t *match)
{
    int error = regexec(w->redaction->expression, text, 1, match, flags);
    if (error && error != REG_NOMATCH) w->scratch->failed = true; /* out of memory: who knows what is in there */
    return error == 0;
}

typedef struct output {
    char *text; /* NULL: only to see how long it gets */
    size_t size;
} output;

static void append(output *out, const char *text, size_t size)
{
    if (out->text && size) memcpy(out->text + out->size, text, size);
    out->size += size;
}

/* One piece without a NUL inside. */
static void substitute_in(walk *w, const char *text, output *out)
{
    const otel_value *substitute = &w->redaction->substitute;
    regmatch_t match;
    for (int flags = 0; find(w, text, flags, &match); flags = REG_NOTBOL) {
        size_t start = (size_t)match.rm_so, end = (size_t)match.rm_eo;
        append(out, text, start);
        if (end > start) append(out, substitute->u.string, substitute->size);
        if (end == start && !text[end]) return; /* nothing matched at the end */
        if (end == start) append(out, text + end++, 1);
        text += end;
    }
    append(out, text, strlen(text));
}

/* A match does not reach over a NUL. */
static void substitute_all(walk *w, const char *text, size_t size, output *out)
{
    for (const char *end = text + size; text <= end; text += strlen(text) + 1) {
        substitute_in(w, text, out);
        if (text + strlen(text) < end) append(out, "", 1);
    }
}

static bool matches_somewhere(walk *w, const char *text, size_t size)
{
    regmatch_t match;
    for (const char *end = text + size; text <= end; text += strlen(text) + 1)
        if (find(w, text, 0, &match)) return true;
    return false;
}

static bool redact_text(walk *w, otel_value *value)
{
    const char *text = otel__scratch_text(w->scratch, value->u.string, value->size);
    if (!text || !matches_somewhere(w, text, value->size)) return false;
    output out = {0};
    substitute_all(w, text, value->size, &out);
    if (out.size > UINT32_MAX) w->scratch->failed = true;
    out.text = w->scratch->failed ? NULL : otel__scratch_take(w->scratch, out.size);
    if (!out.text) return false;
    out.size = 0;
    substitute_all(w, text, value->size, &out);
    value->u.string = out.text;
    value->size = (uint32_t)out.size;
    return true;
}

static bool redact_number(walk *w, otel_value *value)
{
    char text[NUMBER];
    regmatch_t match;
    otel_value_text(value, text, sizeof text);
    if (!find(w, text, 0, &match)) return false;
    *value = w->redaction->substitute;
    return true;
}

/* Collections. ------------------------------------------------------------------------------------------------------
 */

/* Where an entry stands: "user.email" in the map "user". */
typedef struct path {
    const char *text;
    size_t size;
} path;

static bool redact(walk *w, otel_value *value, path here, bool inside, int depth);

static otel_value *copy_items(walk *w, const otel_value *array)
{
    size_t count = 0;
    otel_value item;
    for (otel_iter it = otel_value_items(array); otel_value_next(&it, &item);) count++;
    otel_value *copy = otel__scratch_take(w->scratch, count * sizeof *copy);
    if (!copy) return NULL;
    count = 0;
    for (otel_iter it = otel_value_items(array); otel_value_next(&it, &item);) copy[count++] = item;
    return copy;
}

static bool redact_array(walk *w, otel_value *value, path here, bool inside, int depth)
{
    otel_value *copy = NULL, item;
    size_t n = 0;
    for (otel_iter it = otel_value_items(value); otel_value_next(&it, &item); n++) {
        if (!redact(w, &item, here, inside, depth + 1)) continue;
        if (!copy) copy = copy_items(w, value);
        if (!copy) return false;
        copy[n] = item;
    }
    if (copy) *value = otel_array(copy, n);
    return copy != NULL;
}

static otel_attr *copy_entries(walk *w, const otel_value *map)
{
    size_t count = 0;
    otel_attr entry;
    for (otel_iter it = otel_value_entries(map); otel_attr_next(&it, &entry);) count++;
    otel_attr *copy = otel__scratch_take(w->scratch, count * sizeof *copy);
    if (!copy) return NULL;
    count = 0;
    for (otel_iter it = otel_value_entries(map); otel_attr_next(&it, &entry);) copy[count++] = entry;
    return copy;
}

static path path_below(walk *w, path here, const otel_attr *entry)
{
    size_t size = here.size + 1 + entry->key_size;
    if (!here.size) return (path){entry->key, entry->key_size};
    char *text = otel__scratch_take(w->scratch, size);
    if (!text) return here;
    memcpy(text, here.text, here.size);
    text[here.size] = '.';
    memcpy(text + here.size + 1, entry->key, entry->key_size);
    return (path){text, size};
}

static bool is_meant(const otel__redaction *r, const otel_attr *entry, path here)
{
    return otel__pattern_matches(r->key, entry->key, entry->key_size) ||
           otel__pattern_matches(r->key, here.text, here.size);
}

/* An entry of a map, or an attribute. */
static bool redact_entry(walk *w, otel_attr *entry, path above, bool inside, int depth)
{
    const otel__redaction *r = w->redaction;
    path here = r->key && !inside ? path_below(w, above, entry) : above;
    bool meant = inside || !r->key || is_meant(r, entry, here);
    if (r->text || !meant) return redact(w, &entry->value, here, meant, depth);
    entry->value = r->substitute;
    return true;
}

static bool redact_map(walk *w, otel_value *value, path here, bool inside, int depth)
{
    otel_attr *copy = NULL, entry;
    size_t n = 0;
    for (otel_iter it = otel_value_entries(value); otel_attr_next(&it, &entry); n++) {
        if (!redact_entry(w, &entry, here, inside, depth + 1)) continue;
        if (!copy) copy = copy_entries(w, value);
        if (!copy) return false;
        copy[n] = entry;
    }
    if (copy) *value = otel_map(copy, n);
    return copy != NULL;
}

/* inside: the key has been found, what counts is the text. Deeper than the SDK goes is not looked at but hidden. */
static bool redact(walk *w, otel_value *value, path here, bool inside, int depth)
{
    bool text_counts = w->redaction->text && inside;
    switch (value->type) {
    case OTEL_TYPE_EMPTY:
        return false;
    case OTEL_TYPE_STRING:
    case OTEL_TYPE_BYTES:
        return text_counts && value->u.string && redact_text(w, value);
    case OTEL_TYPE_BOOL:
    case OTEL_TYPE_INT:
    case OTEL_TYPE_DOUBLE:
        return text_counts && redact_number(w, value);
    default:
        break;
    }
    if (!w->redaction->text && value->type >= OTEL_TYPE_STRINGS) return false; /* no keys in there */
    if (depth > DEEPEST) {
        *value = w->redaction->substitute;
        return true;
    }
    return value->type == OTEL_TYPE_MAP ? redact_map(w, value, here, inside, depth)
                                        : redact_array(w, value, here, inside, depth);
}

bool otel__redact_attr(const otel__redaction *redaction, otel__scratch *scratch, otel_attr *attr)
{
    walk w = {redaction, scratch};
    return redact_entry(&w, attr, (path){0}, false, 0);
}

bool otel__redact_value(const otel__redaction *redaction, otel__scratch *scratch, otel_value *value)
{
    walk w = {redaction, scratch};
    return redact(&w, value, (path){0}, redaction->key == NULL, 0);
}
