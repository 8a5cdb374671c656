/* Every parser of what the environment may hold: numbers, flags, lists, percent-encoding, levels, severities, resource.
 */
#include "common/environment.h"
#include "common/levels.h"
#include "resource/resource.h"
#include <otel/sdk/diag.h>
#include <stdlib.h>
#include <string.h>

static void quiet(otel_severity severity, const char *text, void *user)
{
    (void)severity, (void)text, (void)user;
}

static void require(bool condition)
{
    if (!condition) abort();
}

static void numbers(const char *text)
{
    uint64_t value = 7;
    setenv("FUZZ_VALUE", text, 1);
    bool read = otel_env_number("FUZZ_VALUE", 1000, &value);
    require(read ? value <= 1000 : value == 7);
    otel_env_flag("FUZZ_VALUE", true);
}

static void list(char *text, bool decode_keys)
{
    size_t size = strlen(text), entries = 0;
    char *at = text, *key, *value;
    int32_t found;
    while ((found = otel_env_list_next(&at, &key, &value, decode_keys)) != 0) {
        require(at >= text && at <= text + size && ++entries <= size);
        if (found == 1) require(*key && strlen(key) <= size && strlen(value) <= size);
    }
}

static void levels(const char *text)
{
    otel__levels rules;
    otel__levels_read(&rules, text);
    int32_t rank = otel__levels_for(&rules, "shop.checkout");
    require(rank >= rules.lowest && rank >= OTEL_SEVERITY_TRACE && rank <= OTEL_SEVERITY_RANK(0));
    require(rules.differ || rank == rules.lowest);
}

static void severity(const char *text)
{
    otel_severity s = -1;
    bool read = otel_severity_parse(text, strlen(text), &s);
    require(read ? s >= 0 && s <= 24 : s == -1);
}

static void resource(const char *text)
{
    otel_value name;
    setenv("OTEL_RESOURCE_ATTRIBUTES", text, 1);
    otel_resource *r = otel__resource_of(&(otel_options){.service_name = "fuzz", .resource_detectors = "none"});
    require(r && otel_resource_get(r, "service.name", &name));
    otel_resource_destroy(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096) return 0;
    char *text = calloc(1, size); /* exact, so that a read behind it is seen */
    memcpy(text, data + 1, size - 1);
    otel_diag_set_handler(quiet, NULL);
    switch (data[0] % 7) {
    case 0:
        numbers(text);
        break;
    case 1:
        list(text, true);
        break;
    case 2:
        list(text, false);
        break;
    case 3:
        levels(text);
        break;
    case 4:
        severity(text);
        break;
    case 5:
        otel__percent_decode(text);
        break;
    default:
        resource(text);
        break;
    }
    free(text);
    return 0;
}
