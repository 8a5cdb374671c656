/* A record as the service's envelope. */
#include "envelope.h"

#include <cjson/cJSON.h>
#include <otel/sdk/allocator.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct otel__azure_writer {
    otel__azure_mapping mapping;
};

otel__azure_writer *otel__azure_writer_new(const otel__azure_mapping *mapping)
{
    otel__azure_writer *writer = otel_allocate(sizeof *writer);
    if (writer) writer->mapping = *mapping;
    return writer;
}

void otel__azure_writer_destroy(otel__azure_writer *writer)
{
    otel_release(writer);
}

static void write_time(uint64_t unix_nano, char *out, size_t size)
{
    time_t seconds = (time_t)(unix_nano / 1000000000);
    struct tm utc;
    char whole[32];
    gmtime_r(&seconds, &utc);
    strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(out, size, "%s.%07uZ", whole, (unsigned)(unix_nano % 1000000000 / 100));
}

static cJSON *base_data(const otel_log_record *record)
{
    char text[1024];
    cJSON *data = cJSON_CreateObject();
    otel_value_text(&record->body, text, sizeof text);
    cJSON_AddNumberToObject(data, "ver", 2);
    cJSON_AddStringToObject(data, "message", text[0] ? text : "n/a");
    return data;
}

bool otel__azure_write(otel__azure_writer *writer, const otel_log_record *record, uint64_t sequence,
                       otel__azure_buffer *out, otel_azure_monitor_kind *kind)
{
    char when[64];
    (void)sequence;
    *kind = OTEL_AZURE_MONITOR_MESSAGE;
    write_time(record->time_unix_nano ? record->time_unix_nano : record->observed_time_unix_nano, when, sizeof when);
    cJSON *item = cJSON_CreateObject(), *data = cJSON_AddObjectToObject(item, "data");
    cJSON_AddNumberToObject(item, "ver", 1);
    cJSON_AddStringToObject(item, "name", "Microsoft.ApplicationInsights.Message");
    cJSON_AddStringToObject(item, "time", when);
    cJSON_AddStringToObject(item, "iKey", writer->mapping.instrumentation_key);
    cJSON_AddStringToObject(data, "baseType", "MessageData");
    cJSON_AddItemToObject(data, "baseData", base_data(record));
    char *text = cJSON_PrintUnformatted(item);
    bool written = text && otel__azure_buffer_append(out, text, strlen(text));
    cJSON_free(text);
    cJSON_Delete(item);
    return written;
}
