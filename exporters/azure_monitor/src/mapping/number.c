/* Numbers among the values of a record. */
#include "number.h"

#include "value_text.h"
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

/* cJSON reads numbers as JSON writes them, whatever the locale. */
static bool read_text(const otel_value *value, double *number)
{
    char text[64];
    if (value->size == 0 || value->size >= sizeof text) return false;
    memcpy(text, value->u.string, value->size);
    text[value->size] = '\0';
    if (strspn(text, "0123456789+-.eE") != value->size) return false;
    cJSON *json = cJSON_ParseWithOpts(text, NULL, true);
    bool is_number = cJSON_IsNumber(json);
    if (is_number) *number = json->valuedouble;
    cJSON_Delete(json);
    return is_number && isfinite(*number);
}

bool otel__azure_number(const otel_value *value, double *number)
{
    switch (value->type) {
    case OTEL_TYPE_INT:
        *number = (double)value->u.integer;
        return true;
    case OTEL_TYPE_DOUBLE:
        *number = value->u.number;
        return isfinite(*number);
    case OTEL_TYPE_STRING:
        return read_text(value, number);
    default:
        return false;
    }
}

const char *otel__azure_number_json(otel__azure_memory *memory, const otel_value *value)
{
    bool finite = value->type == OTEL_TYPE_INT || (value->type == OTEL_TYPE_DOUBLE && isfinite(value->u.number));
    if (!finite) return NULL;
    const char *text = otel__azure_value_text(memory, value, 64).data;
    return *text ? text : NULL;
}
