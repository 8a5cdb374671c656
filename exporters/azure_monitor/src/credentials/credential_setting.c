/* What credentials are set to. */
#include "credential_setting.h"

#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 4096 };

otel__azure_setting otel__azure_setting_of(const char *option, const char *option_name, const otel_variable *variable)
{
    if (option && *option) return (otel__azure_setting){option, option_name};
    return (otel__azure_setting){otel_env_text(variable->name), variable->name};
}

void otel__azure_setting_fault(const char *credential, const char *name, const char *fault)
{
    otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "no credential, %s: %s %s", credential, name, fault);
}

static const char *fault_of(const char *text)
{
    if (!text) return "is not set";
    size_t size = strnlen(text, MOST_BYTES + 1);
    if (size > MOST_BYTES) return "is longer than 4096 bytes";
    for (size_t i = 0; i < size; i++)
        if (text[i] <= ' ' || text[i] >= 0x7f) return "has a blank or another character that does not belong there";
    return NULL;
}

static char *copy(const char *before, const char *text)
{
    size_t size = strlen(before) + strlen(text) + 1;
    char *made = otel_allocate(size);
    if (made) snprintf(made, size, "%s%s", before, text);
    return made;
}

char *otel__azure_setting_copy(otel__azure_setting setting, const char *credential)
{
    const char *fault = fault_of(setting.text);
    char *made = fault ? NULL : copy("", setting.text);
    if (!made) otel__azure_setting_fault(credential, setting.name, fault ? fault : "has no room: out of memory");
    return made;
}

char *otel__azure_setting_url(otel__azure_setting setting, const char *credential, otel__azure_reach plain)
{
    const char *fault = fault_of(setting.text);
    char *made = fault ? NULL : copy(strstr(setting.text, "://") ? "" : "https://", setting.text);
    if (!made) {
        otel__azure_setting_fault(credential, setting.name, fault ? fault : "has no room: out of memory");
        return NULL;
    }
    const char *wrong = otel__azure_endpoint_fault(made);
    if (!wrong && otel__azure_endpoint_reach(made) > plain) wrong = "it must be https";
    if (!wrong) return made;
    otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "no credential, %s: %s cannot be used: %s", credential,
              setting.name, wrong);
    otel_release(made);
    return NULL;
}
