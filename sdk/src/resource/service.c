/* Detector `service`: an id of this instance, a random UUID, the same for all providers of the process. (Semantic
 * conventions, "Service") */
#include "detector.h"
#include "platform/platform.h"
#include <otel/sdk/random.h>
#include <stdio.h>

static otel__lock lock; /* cold; held for a moment */
static struct {
    int64_t process; /* whose it is: the child of a fork is another instance */
    uint64_t high, low;
} instance;

/* Version 4: four bits say so, and two say which kind of UUID. */
static void renew(void)
{
    instance.high = (otel_random() & ~UINT64_C(0xf000)) | 0x4000;
    instance.low = (otel_random() & ~(UINT64_C(3) << 62)) | UINT64_C(1) << 63;
    instance.process = otel__process_id();
}

otel_resource *otel__detect_service(void)
{
    char text[37];
    otel__lock_take(&lock);
    if (instance.process != otel__process_id()) renew();
    uint64_t high = instance.high, low = instance.low;
    otel__lock_give(&lock);
    snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
             (unsigned)(high & 0xffff), (unsigned)(low >> 48), (unsigned long long)(low & 0xffffffffffff));
    const otel_attr id = OTEL_STR("service.instance.id", text);
    return otel_resource_new(&id, 1, OTEL_SEMCONV_SCHEMA_URL);
}
