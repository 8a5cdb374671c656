/* Lines with priorities before them, as text and as JSON bodies; and each input as a time. */
#include <stdlib.h>

#include "otel-log/timestamp.h"
#include "otel_log_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel__options options = {.scope_name = "otel-log", .prio_prefix = true};
    otel__log_walk(&options, data, size);
    options.form = OTEL__FORM_JSON_BODY;
    otel__log_walk(&options, data, size);
    uint64_t time = 7;
    if (!otel__timestamp_read((const char *)data, size, &time) && time != 7) abort(); /* left alone */
    return 0;
}
