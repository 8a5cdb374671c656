/* Lines of JSON as otel-log reads them: every line gives a record whose values can be walked through. */
#include "otel_log_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel_attr attributes[] = {OTEL_STR("given", "x")};
    const otel__options options = {.scope_name = "otel-log",
                                   .form = OTEL__FORM_JSON,
                                   .exception = {"T", "M", "S"},
                                   .attributes = attributes,
                                   .attribute_count = 1};
    otel__log_walk(&options, data, size);
    return 0;
}
