/* The attributes that mean something to the service: each has a number. */
#include "attribute_names.h"

#include <string.h>

enum { LONGEST = sizeof "microsoft.availability.runLocation" - 1 };

/* No pointers: each would be a relocation. */
static const struct {
    char text[LONGEST + 1];
    uint8_t size;
} names[] = {
#define X(name, text) {text, sizeof(text) - 1},
    OTEL__AZURE_NAMES(X)
#undef X
};

/* The first of each length, plus one. */
static const uint8_t first_of_length[LONGEST + 1] = {
    [10] = OTEL__AZURE_USER_ID + 1,
    [11] = OTEL__AZURE_OLD_LINE + 1,
    [13] = OTEL__AZURE_OLD_FILE + 1,
    [14] = OTEL__AZURE_EXCEPTION_TYPE + 1,
    [16] = OTEL__AZURE_LINE + 1,
    [17] = OTEL__AZURE_EXCEPTION_MESSAGE + 1,
    [19] = OTEL__AZURE_CLIENT_IP + 1,
    [20] = OTEL__AZURE_EXCEPTION_STACK + 1,
    [21] = OTEL__AZURE_SAMPLE_RATE + 1,
    [23] = OTEL__AZURE_EXECUTABLE_NAME + 1,
    [24] = OTEL__AZURE_OPERATION_NAME + 1,
    [25] = OTEL__AZURE_SYNTHETIC_TYPE + 1,
    [26] = OTEL__AZURE_AVAILABILITY_ID + 1,
    [27] = OTEL__AZURE_EVENT_NAME + 1,
    [29] = OTEL__AZURE_MEASUREMENTS + 1,
    [30] = OTEL__AZURE_AVAILABILITY_SUCCESS + 1,
    [31] = OTEL__AZURE_AVAILABILITY_DURATION + 1,
    [34] = OTEL__AZURE_AVAILABILITY_LOCATION + 1,
};

int otel__azure_attribute(const char *key, size_t size)
{
    if (size > LONGEST || !first_of_length[size]) return -1;
    for (int i = first_of_length[size] - 1; i < OTEL__AZURE_NAME_COUNT && names[i].size == size; i++)
        if (memcmp(names[i].text, key, size) == 0) return i;
    return -1;
}

const char *otel__azure_attribute_name(otel__azure_name name)
{
    return names[name].text;
}
