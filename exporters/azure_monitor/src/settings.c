/* What the exporter is set to: by its options, else by the environment. */
#include "settings.h"

#include <otel/sdk/diag.h>
#include <otel/sdk/environment.h>

static const struct {
#define OTEL_VARIABLE(name, kind, meaning) otel_variable name;
#include "variables.def"
#undef OTEL_VARIABLE
} variables = {
#define OTEL_VARIABLE(name, kind, meaning) {#name, OTEL_P_VARIABLE_##kind},
#include "variables.def"
#undef OTEL_VARIABLE
};

static uint64_t number(const otel_variable *variable)
{
    uint64_t value = variable->fallback;
    otel_env_read(variable, &value);
    return value;
}

static uint64_t choice(const char *option, const char *name, const otel_variable *variable)
{
    uint64_t nth = variable->fallback;
    if (!option || !*option) return number(variable);
    otel_env_parse(variable, name, option, &nth);
    return nth;
}

static bool read_connection(otel__azure_settings *settings, const char *option)
{
    const char *name = variables.APPLICATIONINSIGHTS_CONNECTION_STRING.name;
    bool given = option && *option;
    const char *text = given ? option : otel_env_text(name);
    const char *fault = text ? otel__azure_connection_read(&settings->connection, text) : "it is not set";
    if (fault)
        otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "the connection string (%s) cannot be used: %s",
                  given ? "connection_string" : name, fault);
    return !fault;
}

bool otel__azure_settings_read(otel__azure_settings *settings, const otel_azure_monitor_options *options)
{
    *settings = (otel__azure_settings){0};
    if (!read_connection(settings, options->connection_string)) return false;
    uint64_t timeout = options->timeout_ms ? options->timeout_ms : number(&variables.OTEL_C_AZURE_TIMEOUT);
    settings->timeout_ms = timeout ? (uint32_t)timeout : UINT32_MAX;
    settings->gzip = choice(options->compression, "compression", &variables.OTEL_C_AZURE_COMPRESSION) == 0;
    settings->max_items = options->max_items ? options->max_items : 500;
    settings->max_request_bytes = options->max_request_bytes ? options->max_request_bytes : 1 << 20;
    settings->sequence = options->sequence || number(&variables.OTEL_C_AZURE_SEQUENCE);
    settings->mapping = (otel__azure_mapping){
        .instrumentation_key = settings->connection.instrumentation_key,
        .lean = choice(options->properties, "properties", &variables.OTEL_C_AZURE_PROPERTIES) == 1,
        .flatten = options->flatten || number(&variables.OTEL_C_AZURE_FLATTEN),
    };
    return true;
}

void otel__azure_settings_release(otel__azure_settings *settings)
{
    otel__azure_connection_release(&settings->connection);
}
