/* Tags that differ from record to record: the span, the user, the session, the client, the operation. */
#include "context_tags.h"

#include <string.h>

/* Never an empty one. */
static void add_tag(otel__azure_item *item, const char *key, otel__azure_text value)
{
    if (value.size) item->tags[item->tag_count++] = (otel__azure_tag){key, value};
}

/* From an attribute that is not a dimension then. */
static bool take(otel__azure_item *item, const char *key, otel__azure_name name, size_t units)
{
    if (!otel__azure_says(item, name)) return false;
    otel__azure_use(item, name);
    add_tag(item, key, otel__azure_known_text(item, name, units));
    return true;
}

static bool is_zero(const uint8_t *id, size_t size)
{
    uint8_t all = 0;
    for (size_t i = 0; i < size; i++) all |= id[i];
    return all == 0;
}

/* An id of zeros would tie all that have no span together. */
static void span_tags(otel__azure_item *item)
{
    const otel_span_context *span = &item->record->span_context;
    char *trace = is_zero(span->trace_id, sizeof span->trace_id) ? NULL : otel__azure_take(item->memory, 33);
    char *parent = is_zero(span->span_id, sizeof span->span_id) ? NULL : otel__azure_take(item->memory, 17);
    if (trace) {
        otel_trace_id_hex(span->trace_id, trace);
        add_tag(item, "ai.operation.id", (otel__azure_text){.data = trace, .size = 32});
    }
    if (parent) {
        otel_span_id_hex(span->span_id, parent);
        add_tag(item, "ai.operation.parentId", (otel__azure_text){.data = parent, .size = 16});
    }
}

static void user_tags(otel__azure_item *item)
{
    take(item, "ai.user.authUserId", OTEL__AZURE_USER_ID, 1024);
    take(item, "ai.user.id", OTEL__AZURE_PSEUDO_USER_ID, 128);
    take(item, "ai.session.id", OTEL__AZURE_SESSION_ID, 64);
}

/* The semantic conventions' address stays a dimension: it may be a name, too. */
static void client_tags(otel__azure_item *item)
{
    const size_t units = 46;
    if (take(item, "ai.location.ip", OTEL__AZURE_CLIENT_IP, units)) return;
    if (otel__azure_says(item, OTEL__AZURE_CLIENT_ADDRESS))
        add_tag(item, "ai.location.ip", otel__azure_known_text(item, OTEL__AZURE_CLIENT_ADDRESS, units));
}

/* "AlwaysOn": the name of Azure's own pinger. */
static void synthetic_tag(otel__azure_item *item)
{
    bool is_synthetic = otel__azure_says(item, OTEL__AZURE_SYNTHETIC_TYPE);
    if (!is_synthetic && otel__azure_says(item, OTEL__AZURE_USER_AGENT))
        is_synthetic = strstr(otel__azure_known_text(item, OTEL__AZURE_USER_AGENT, 8192).data, "AlwaysOn") != NULL;
    if (is_synthetic) add_tag(item, "ai.operation.syntheticSource", otel__azure_literal("True"));
}

/* Beside the newer name the older one stays a dimension. */
static void operation_tag(otel__azure_item *item)
{
    const size_t units = 1024;
    if (!take(item, "ai.operation.name", OTEL__AZURE_OPERATION_NAME, units))
        take(item, "ai.operation.name", OTEL__AZURE_OLD_OPERATION_NAME, units);
}

void otel__azure_context_tags(otel__azure_item *item)
{
    memcpy(item->tags, item->origin->tags, item->origin->tag_count * sizeof *item->tags);
    item->tag_count = item->origin->tag_count;
    span_tags(item);
    user_tags(item);
    client_tags(item);
    synthetic_tag(item);
    operation_tag(item);
}
