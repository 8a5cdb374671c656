/* Numbers that the service keeps as such: microsoft.custom_measurements, a map or a JSON object as text. */
#include "measurements.h"

#include "kind.h"
#include "number.h"
#include <cjson/cJSON.h>
#include <string.h>

enum { MOST_BYTES = 16384 }; /* of an item, so that there is room for the rest */

typedef struct reading {
    otel__azure_item *item;
    size_t bytes;
} reading;

static bool has_numbers(const otel_value *map)
{
    otel_attr entry;
    double number;
    for (otel_iter it = otel_value_entries(map); otel_attr_next(&it, &entry);)
        if (entry.value.type != OTEL_TYPE_STRING && otel__azure_number(&entry.value, &number)) return true;
    return false;
}

static void add(reading *r, const char *key, size_t size, const otel_value *value)
{
    otel__azure_item *item = r->item;
    otel__azure_dimension made = otel__azure_dimension_make(item->memory, key, size);
    const char *number = otel__azure_number_json(item->memory, value);
    if (!number) {
        made.value = otel__azure_value_text(item->memory, value, OTEL__AZURE_VALUE_UNITS);
        otel__azure_dimension_yield(item->dimensions, item->memory, &made);
        return;
    }
    made.value = otel__azure_literal(number);
    r->bytes += otel__azure_text_escaped(made.key, made.key_size) + made.value.size + 4;
    if (r->bytes > MOST_BYTES)
        item->dropped++;
    else
        otel__azure_dimension_put(item->measurements, item->memory, &made);
}

static void read_map(otel__azure_item *item, const otel_value *map)
{
    reading r = {.item = item};
    otel_attr entry;
    for (otel_iter it = otel_value_entries(map); otel_attr_next(&it, &entry);)
        add(&r, entry.key, entry.key_size, &entry.value);
}

static bool has_json_numbers(const cJSON *object)
{
    for (const cJSON *entry = cJSON_IsObject(object) ? object->child : NULL; entry; entry = entry->next)
        if (cJSON_IsNumber(entry)) return true;
    return false;
}

static void add_json(reading *r, const cJSON *entry)
{
    otel_value value = otel_double(entry->valuedouble);
    char *text = cJSON_IsNumber(entry) || cJSON_IsString(entry) ? NULL : cJSON_PrintUnformatted(entry);
    if (!cJSON_IsNumber(entry)) value = otel_string(text ? text : entry->valuestring);
    add(r, entry->string, strlen(entry->string), &value);
    cJSON_free(text);
}

/* With nothing behind it: what cannot be read stays a text. */
static cJSON *parse(const otel_value *text)
{
    const char *at = NULL, *end = text->u.string + text->size;
    cJSON *json = cJSON_ParseWithLengthOpts(text->u.string, text->size, &at, false);
    while (json && at < end && memchr(" \t\r\n", *at, 4)) at++;
    if (!json || at == end) return json;
    cJSON_Delete(json);
    return NULL;
}

static bool read_json(otel__azure_item *item, const otel_value *text)
{
    reading r = {.item = item};
    cJSON *json = parse(text);
    bool found = has_json_numbers(json);
    for (const cJSON *entry = found ? json->child : NULL; entry; entry = entry->next) add_json(&r, entry);
    cJSON_Delete(json);
    return found;
}

void otel__azure_read_measurements(otel__azure_item *item)
{
    const otel_value *value = &item->known[OTEL__AZURE_MEASUREMENTS];
    if (!otel__azure_says(item, OTEL__AZURE_MEASUREMENTS)) return;
    bool found = value->type == OTEL_TYPE_MAP && has_numbers(value);
    if (found) read_map(item, value);
    if (value->type == OTEL_TYPE_STRING) found = read_json(item, value);
    if (found) otel__azure_use(item, OTEL__AZURE_MEASUREMENTS);
}
