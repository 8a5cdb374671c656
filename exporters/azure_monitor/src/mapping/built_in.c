/* Custom dimensions that we add: the level by both its spellings, the place in the source, the scope, the resource. */
#include "built_in.h"

#include "flatten.h"
#include "kind.h"
#include "severity.h"
#include <string.h>

static otel__azure_text string_of(otel__azure_item *item, otel_str text)
{
    return otel__azure_string_text(item->memory, text.data, text.size, OTEL__AZURE_VALUE_UNITS);
}

/* A severity text that says something else than the number stays, in the lean form too: nothing else would tell. */
static void add_level(otel__azure_item *item)
{
    const otel_log_record *record = item->record;
    const char *name = otel__azure_severity_name(record->severity);
    otel_str given = record->severity_text;
    bool has_text = given.data && given.size, lean = item->mapping->lean;
    otel__azure_text text = has_text ? string_of(item, given) : otel__azure_literal("");
    otel__azure_text level = name ? otel__azure_literal(name) : text;
    bool is_told = name && otel__azure_severity_says(record->severity, given);
    if (level.size && !lean) {
        bool lower = otel__azure_offer(item, "level", level), upper = otel__azure_offer(item, "Level", level);
        is_told |= !name && (lower || upper);
    }
    if (has_text && !is_told) otel__azure_offer(item, "severity_text", text);
}

/* The file's name without directories and last extension. */
static otel__azure_text module_of(otel__azure_item *item, const otel__azure_text *file)
{
    const char *from = file->data, *end = file->data + file->size, *dot = NULL;
    for (const char *at = file->data; at < end; at++)
        if (*at == '/' || *at == '\\') from = at + 1;
    for (const char *at = from + (from < end); at < end; at++)
        if (*at == '.') dot = at;
    return otel__azure_string_text(item->memory, from, (size_t)((dot ? dot : end) - from), OTEL__AZURE_VALUE_UNITS);
}

static void add_file(otel__azure_item *item)
{
    bool is_old = !otel__azure_says(item, OTEL__AZURE_FILE);
    otel__azure_name name = is_old ? OTEL__AZURE_OLD_FILE : OTEL__AZURE_FILE;
    if (!otel__azure_says(item, name)) return;
    otel__azure_text file = otel__azure_known_text(item, name, OTEL__AZURE_VALUE_UNITS);
    otel__azure_text module = module_of(item, &file);
    otel__azure_offer(item, "fileName", file);
    if (module.size) otel__azure_offer(item, "module", module);
}

static void add_line(otel__azure_item *item)
{
    bool is_old = !otel__azure_says(item, OTEL__AZURE_LINE);
    otel__azure_name name = is_old ? OTEL__AZURE_OLD_LINE : OTEL__AZURE_LINE;
    if (!otel__azure_says(item, name)) return;
    otel__azure_offer(item, "lineNumber", otel__azure_known_text(item, name, OTEL__AZURE_VALUE_UNITS));
}

static void add_process(otel__azure_item *item)
{
    otel__azure_text process = item->origin->process;
    if (otel__azure_says(item, OTEL__AZURE_EXECUTABLE_NAME))
        process = otel__azure_known_text(item, OTEL__AZURE_EXECUTABLE_NAME, OTEL__AZURE_VALUE_UNITS);
    if (process.size) otel__azure_offer(item, "process", process);
}

static void add_scope(otel__azure_item *item)
{
    const otel_scope *scope = item->record->scope;
    if (scope->name && *scope->name) {
        otel__azure_text name = string_of(item, (otel_str){scope->name, strlen(scope->name)});
        otel__azure_offer(item, "logger_name", name);
        otel__azure_offer(item, "otel.scope.name", name);
    }
    if (scope->version && *scope->version)
        otel__azure_offer(item, "otel.scope.version",
                          string_of(item, (otel_str){scope->version, strlen(scope->version)}));
}

static void add_scope_attributes(otel__azure_item *item)
{
    const otel_scope *scope = item->record->scope;
    const otel__azure_sink sink = {
        .dimensions = item->dimensions, .memory = item->memory, .flatten = item->mapping->flatten, .yields = true};
    for (size_t i = 0; i < scope->attribute_count; i++)
        if (scope->attributes[i].key && scope->attributes[i].key_size) otel__azure_put(&sink, &scope->attributes[i]);
}

static void add_sequence(otel__azure_item *item)
{
    if (!item->sequence) return;
    otel_value number = otel_int((int64_t)item->sequence);
    otel__azure_offer(item, "sequence", otel__azure_value_text(item->memory, &number, OTEL__AZURE_VALUE_UNITS));
}

static bool has_one_of(const otel__azure_item *item, const otel__azure_dimensions *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (otel__azure_dimension_find(item->dimensions, &list->at[i])) return true;
    return false;
}

/* As they are, when the record has none of them itself. */
static void add_origin(otel__azure_item *item)
{
    const otel__azure_origin *origin = item->origin;
    item->takes_ready = origin->ready_dimensions.key && !has_one_of(item, &origin->dimensions);
    if (!item->takes_ready) otel__azure_take_apart(item);
}

void otel__azure_take_apart(otel__azure_item *item)
{
    const otel__azure_dimensions *from = &item->origin->dimensions;
    for (uint32_t i = 0; i < from->count; i++)
        otel__azure_dimension_offer(item->dimensions, item->memory, &from->at[i]);
    item->dropped += from->lost;
    item->takes_ready = false;
}

void otel__azure_add_built_in(otel__azure_item *item)
{
    add_level(item);
    if (!item->mapping->lean) {
        add_file(item);
        add_line(item);
        add_process(item);
    }
    add_sequence(item);
    if (item->record->event_name.size)
        otel__azure_offer(item, "otel.event.name", string_of(item, item->record->event_name));
    if (item->record->scope) add_scope(item);
    item->ours_end = item->dimensions->count;
    if (item->record->scope) add_scope_attributes(item);
    add_origin(item);
}
