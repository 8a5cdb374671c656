/* What the exporter is set to: by its options, else by the environment. */
#include "settings.h"

#include "../credentials/credential_choice.h"
#include "endpoint.h"
#include "../variables.h"

#include <otel/sdk/diag.h>
#include <otel/sdk/log_processor.h>

enum {
    DEFAULT_ITEMS = 512 /* the default of a batch */,
    MOST_ITEMS = 64000,
    DEFAULT_BYTES = 1 << 20,
    LEAST_BYTES = 64 * 1024
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

/* ---- the connection string; nothing of it is ever repeated ---- */

static bool usable(otel__azure_fault fault, const char *name)
{
    if (fault.what)
        otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "%s cannot be used, nothing is sent: %s%s", name, fault.part,
                  fault.what);
    return !fault.what;
}

static bool read_connection(otel__azure_connection *connection, const char *option)
{
    const char *name = otel__azure_env.APPLICATIONINSIGHTS_CONNECTION_STRING.name;
    const char *old_name = otel__azure_env.APPINSIGHTS_INSTRUMENTATIONKEY.name;
    if (option && *option) return usable(otel__azure_connection_read(connection, option), "connection_string");
    const char *text = otel_env_text(name), *key = text ? NULL : otel_env_text(old_name);
    if (text) return usable(otel__azure_connection_read(connection, text), name);
    if (!key) return usable((otel__azure_fault){"", "it is not set"}, name);
    if (!usable(otel__azure_connection_of_key(connection, key), old_name)) return false;
    otel_diag(OTEL_SEVERITY_WARN, "azure_monitor", "%s is out of date, and only for the public cloud: set %s", old_name,
              name);
    return true;
}

/* What can be used and is perhaps not meant. */
static void warn(const otel__azure_connection *connection)
{
    const char *words[] = {
        otel__azure_is_uuid(connection->instrumentation_key)
            ? NULL
            : "the instrumentation key is no UUID: the service may not know it",
        otel__azure_endpoint_reach(connection->track_url) >= OTEL__AZURE_NEARBY
            ? "the ingestion endpoint is http: everybody on the way can read what is sent"
            : NULL,
        connection->other_scheme ? "Authorization in a connection string can only be ikey: ignored" : NULL,
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i]) otel_diag(OTEL_SEVERITY_WARN, "azure_monitor", "%s", words[i]);
}

/* ---- numbers ---- */

/* OTEL_ZERO is a timeout of 0, and that means no limit. */
static uint32_t read_timeout(uint32_t option)
{
    uint64_t ms = option == OTEL_ZERO ? 0 : option;
    if (!option) ms = number(&otel__azure_env.OTEL_C_AZURE_TIMEOUT);
    return ms ? (uint32_t)ms : UINT32_MAX;
}

static uint32_t within(const char *name, uint32_t value, uint32_t fallback, uint32_t least, uint32_t most)
{
    if (!value) return fallback;
    uint32_t taken = value < least ? least : value > most ? most : value;
    if (taken != value) otel_diag(OTEL_SEVERITY_WARN, "azure_monitor", "%s is %u, %u is used", name, value, taken);
    return taken;
}

/* ---- together ---- */

/* Whoever listens on the way could use the token himself. */
static bool read_token(otel__azure_settings *settings, const otel_azure_monitor_options *options)
{
    otel_azure_credential *credential = options->credential;
    if (!credential && !otel__azure_credential_choose(options, &credential)) return false;
    if (!credential && options->must_sign)
        otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor",
                  "nothing is sent: must_sign is set, and there is no credential");
    if (!credential) return !options->must_sign;
    if (otel__azure_endpoint_reach(settings->connection.track_url) >= OTEL__AZURE_NEARBY) {
        otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor",
                  "nothing is sent: with a credential the ingestion endpoint must be https");
        otel__azure_credential_destroy(credential);
        return false;
    }
    settings->token = otel__azure_token_new(credential, settings->connection.audience);
    return settings->token != NULL;
}

static void read_rest(otel__azure_settings *settings, const otel_azure_monitor_options *options)
{
    settings->timeout_ms = read_timeout(options->timeout_ms);
    settings->gzip = choice(options->compression, "compression", &otel__azure_env.OTEL_C_AZURE_COMPRESSION) == 0;
    settings->max_items = within("max_items", options->max_items, DEFAULT_ITEMS, 1, MOST_ITEMS);
    settings->max_request_bytes =
        within("max_request_bytes", options->max_request_bytes, DEFAULT_BYTES, LEAST_BYTES, UINT32_MAX);
    settings->sequence = options->sequence || number(&otel__azure_env.OTEL_C_AZURE_SEQUENCE);
    settings->mapping = (otel__azure_mapping){
        .instrumentation_key = settings->connection.instrumentation_key,
        .lean = choice(options->properties, "properties", &otel__azure_env.OTEL_C_AZURE_PROPERTIES) == 1,
        .flatten = options->flatten || number(&otel__azure_env.OTEL_C_AZURE_FLATTEN),
    };
}

bool otel__azure_settings_read(otel__azure_settings *settings, const otel_azure_monitor_options *options)
{
    *settings = (otel__azure_settings){0};
    if (!read_connection(&settings->connection, options->connection_string)) {
        otel__azure_credential_destroy(options->credential);
        return false;
    }
    if (!read_token(settings, options)) {
        otel__azure_settings_release(settings);
        return false;
    }
    warn(&settings->connection);
    read_rest(settings, options);
    return true;
}

void otel__azure_settings_release(otel__azure_settings *settings)
{
    otel__azure_connection_release(&settings->connection);
    otel__azure_token_destroy(settings->token);
    settings->token = NULL;
}
