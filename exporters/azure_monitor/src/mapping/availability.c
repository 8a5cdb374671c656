/* A record of an availability test: id, name, duration and success must be there. */
#include "availability.h"

#include "kind.h"
#include "number.h"
#include <strings.h>

/* A text that is a duration stays as it is, a number is milliseconds. NULL: neither. */
static const char *read_duration(otel__azure_item *item)
{
    const otel_value *value = &item->known[OTEL__AZURE_AVAILABILITY_DURATION];
    otel__azure_text text = otel__azure_known_text(item, OTEL__AZURE_AVAILABILITY_DURATION, OTEL__AZURE_ID_UNITS);
    double milliseconds;
    if (value->type == OTEL_TYPE_STRING && !text.zeros && otel__azure_is_duration(text.data)) return text.data;
    if (!otel__azure_number(value, &milliseconds)) return NULL;
    char *to = otel__azure_take(item->memory, OTEL__AZURE_DURATION_BYTES);
    if (to) otel__azure_duration_text(milliseconds, to);
    return to;
}

/* What is neither true nor false counts as false, and stays to be seen. */
static void read_success(otel__azure_item *item)
{
    otel__azure_text text = otel__azure_known_text(item, OTEL__AZURE_AVAILABILITY_SUCCESS, OTEL__AZURE_ID_UNITS);
    item->success = strcasecmp(text.data, "true") == 0;
    if (item->success || strcasecmp(text.data, "false") == 0) otel__azure_use(item, OTEL__AZURE_AVAILABILITY_SUCCESS);
}

static void read_message(otel__azure_item *item)
{
    const otel_value *body = &item->record->body;
    if (otel__azure_says(item, OTEL__AZURE_AVAILABILITY_MESSAGE))
        otel__azure_take_field(item, OTEL__AZURE_MESSAGE_FIELD, OTEL__AZURE_AVAILABILITY_MESSAGE,
                               OTEL__AZURE_VALUE_UNITS);
    else if (!otel__azure_value_empty(body))
        otel__azure_set_field(item, OTEL__AZURE_MESSAGE_FIELD, "message",
                              otel__azure_value_text(item->memory, body, OTEL__AZURE_VALUE_UNITS));
}

bool otel__azure_make_availability(otel__azure_item *item)
{
    bool complete = otel__azure_says(item, OTEL__AZURE_AVAILABILITY_ID) &&
                    otel__azure_says(item, OTEL__AZURE_AVAILABILITY_NAME) &&
                    otel__azure_says(item, OTEL__AZURE_AVAILABILITY_DURATION) &&
                    otel__azure_says(item, OTEL__AZURE_AVAILABILITY_SUCCESS);
    item->duration = complete ? read_duration(item) : NULL;
    if (!item->duration) return false;
    item->kind = OTEL_AZURE_MONITOR_AVAILABILITY;
    otel__azure_use(item, OTEL__AZURE_AVAILABILITY_DURATION);
    otel__azure_take_field(item, OTEL__AZURE_ID_FIELD, OTEL__AZURE_AVAILABILITY_ID, OTEL__AZURE_ID_UNITS);
    otel__azure_take_field(item, OTEL__AZURE_NAME_FIELD, OTEL__AZURE_AVAILABILITY_NAME, OTEL__AZURE_NAME_UNITS);
    if (otel__azure_says(item, OTEL__AZURE_AVAILABILITY_LOCATION))
        otel__azure_take_field(item, OTEL__AZURE_LOCATION_FIELD, OTEL__AZURE_AVAILABILITY_LOCATION,
                               OTEL__AZURE_NAME_UNITS);
    read_success(item);
    read_message(item);
    return true;
}
