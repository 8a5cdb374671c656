/* Entries of the systemd journal, as JSON. */
#include "otel_log_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const otel__options options = {.scope_name = "otel-log", .form = OTEL__FORM_JOURNAL, .file_count = 1};
    otel__log_walk(&options, data, size);
    return 0;
}
