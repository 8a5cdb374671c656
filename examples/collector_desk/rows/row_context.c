/* The attributes are those that Azure Monitor's exporters make tags of; here they stay dimensions as well. */
#include "row_context.h"

#include <math.h>

#define MOST_ITEMS 1e15 /* a double counts that far by ones */

static bool is_clean(desk_text text)
{
    for (const char *at = text.at, *end = text.at + text.size; at < end;) {
        size_t size = (unsigned char)*at < 0x80 ? 1 : otel__json_utf8_size(at, end);
        if (size == 0) return false;
        at += size;
    }
    return true;
}

desk_text desk_clean_text(otel__json_arena *arena, desk_text text)
{
    if (!text.at || is_clean(text)) return text;
    desk_buffer cleaned = {0};
    desk_put_utf8(&cleaned, text);
    char *copy = cleaned.failed ? NULL : otel__json_allocate(arena, cleaned.size);
    if (copy) memcpy(copy, cleaned.at, cleaned.size);
    text = (desk_text){copy, copy ? cleaned.size : 0};
    desk_buffer_release(&cleaned);
    return text;
}

static bool put_clean(desk_row *row, int column, otel__json_arena *arena, desk_text text)
{
    desk_text cleaned = desk_clean_text(arena, text);
    desk_row_text(row, column, cleaned);
    return cleaned.at || !text.at;
}

int64_t desk_item_count(double sample_rate)
{
    double count = sample_rate > 0 && sample_rate < 100 ? 100 / sample_rate : 1;
    return llround(count < MOST_ITEMS ? count : MOST_ITEMS);
}

desk_text desk_item_type(desk_table table)
{
    const char *type = desk_tables[table].item_type;
    return (desk_text){type, strlen(type)};
}

static double number_of(const desk_value *value)
{
    if (value && value->kind == DESK_DOUBLE) return value->as.number;
    return value && value->kind == DESK_INT ? (double)value->as.integer : 0;
}

static int64_t item_count(const desk_dimensions *dimensions)
{
    const desk_value *rate = desk_dimensions_get(dimensions, DESK_TEXT("microsoft.sample_rate"));
    if (!rate) rate = desk_dimensions_get(dimensions, DESK_TEXT("_MS.sampleRate"));
    return desk_item_count(number_of(rate));
}

/* The first of a column's attributes that is there wins. */
static const struct context_key {
    int column;
    desk_text key;
} context_keys[] = {
    {DESK_OPERATION_NAME, DESK_TEXT_INIT("microsoft.operation_name")},
    {DESK_OPERATION_NAME, DESK_TEXT_INIT("ai.operation.name")},
    {DESK_SESSION_ID, DESK_TEXT_INIT("session.id")},
    {DESK_USER_ID, DESK_TEXT_INIT("enduser.pseudo.id")},
    {DESK_USER_AUTHENTICATED_ID, DESK_TEXT_INIT("enduser.id")},
    {DESK_CLIENT_IP, DESK_TEXT_INIT("microsoft.client.ip")},
    {DESK_CLIENT_IP, DESK_TEXT_INIT("client.address")},
};

static bool put_attributes(desk_row *row, otel__json_arena *arena, const desk_dimensions *dimensions)
{
    for (size_t i = 0; i < sizeof context_keys / sizeof *context_keys; i++) {
        int column = context_keys[i].column;
        if (row->cells[column].type != DESK_CELL_NULL) continue;
        if (!put_clean(row, column, arena, desk_dimensions_get_text(dimensions, context_keys[i].key))) return false;
    }
    return true;
}

bool desk_row_context(desk_row *row, otel__json_arena *arena, const desk_origin *origin,
                      const desk_dimensions *dimensions)
{
    desk_row_integer(row, DESK_ITEM_COUNT, item_count(dimensions));
    if (desk_dimensions_get(dimensions, DESK_TEXT("user_agent.synthetic.type")))
        desk_row_text(row, DESK_OPERATION_SYNTHETIC_SOURCE, DESK_TEXT("True"));
    return put_clean(row, DESK_APPLICATION_VERSION, arena, origin->application_version) &&
           put_clean(row, DESK_SDK_VERSION, arena, origin->sdk_version) &&
           put_clean(row, DESK_CLIENT_MODEL, arena, origin->client_model) && put_attributes(row, arena, dimensions);
}
