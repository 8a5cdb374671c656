/* Records as the service's items, parsed: what tests of the mapping share. */
#include "azure_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <otel/sdk/resource.h>
#include <stdlib.h>
#include <string.h>

azure_case azure;
static otel__azure_buffer buffer;
static cJSON *item;
static otel_azure_monitor_kind kind;
static char repeated[2][800000];

int azure_begin(void **state)
{
    (void)state;
    azure = (azure_case){.lean = false};
    return 0;
}

int azure_end(void **state)
{
    (void)state;
    cJSON_Delete(item);
    item = NULL;
    otel__azure_buffer_release(&buffer);
    return 0;
}

/* No null, no empty tag, nothing too long: whatever the record. */
static void check_always(const cJSON *node)
{
    assert_false(cJSON_IsNull(node) || cJSON_IsInvalid(node));
    for (const cJSON *child = node->child; child; child = child->next) check_always(child);
}

static void check_item(void)
{
    assert_non_null(item);
    check_always(item);
    assert_true(buffer.size - 1 <= OTEL__AZURE_ITEM_BYTES);
    for (const cJSON *tag = cJSON_GetObjectItem(item, "tags")->child; tag; tag = tag->next)
        assert_true(cJSON_IsString(tag) && *tag->valuestring);
    assert_true(azure_is("envelope:iKey", AZURE_KEY));
}

static size_t count_of(const otel_attr *attributes)
{
    size_t n = 0;
    while (attributes && attributes[n].value.type != OTEL_TYPE_END) n++;
    return n;
}

const cJSON *azure_item(const otel_log_record *given)
{
    otel__azure_mapping mapping = {.instrumentation_key = AZURE_KEY, .lean = azure.lean, .flatten = azure.flatten};
    otel__azure_writer *writer = otel__azure_writer_new(&mapping);
    otel_resource *resource = otel_resource_new(azure.resource, count_of(azure.resource), NULL);
    otel_log_record record = *given;
    record.resource = resource;
    record.scope = &azure.scope;
    buffer.size = 0;
    assert_true(otel__azure_write(writer, &record, azure.sequence, &buffer, &kind));
    assert_true(otel__azure_buffer_append(&buffer, "", 1));
    cJSON_Delete(item);
    item = cJSON_ParseWithOpts(buffer.data, NULL, true);
    check_item();
    otel__azure_writer_destroy(writer);
    otel_resource_destroy(resource);
    return item;
}

const cJSON *azure_item_of(const char *body, const otel_attr *attributes)
{
    otel_log_record record = {.size = sizeof record,
                              .severity = 9,
                              .time_unix_nano = 1767323045678901234,
                              .body = otel_string(body),
                              .attributes = attributes,
                              .attribute_count = (uint32_t)count_of(attributes)};
    return azure_item(&record);
}

const char *azure_text(void)
{
    return buffer.data;
}

otel_azure_monitor_kind azure_kind(void)
{
    return kind;
}

static const cJSON *step(const cJSON *at, const char *name, size_t size)
{
    char key[64];
    if (size >= sizeof key) return NULL;
    memcpy(key, name, size);
    key[size] = '\0';
    if (cJSON_IsArray(at)) return cJSON_GetArrayItem(at, atoi(key));
    return cJSON_GetObjectItemCaseSensitive(at, key);
}

const cJSON *azure_at(const char *path)
{
    const cJSON *data = cJSON_GetObjectItem(cJSON_GetObjectItem(item, "data"), "baseData");
    const char *colon = strchr(path, ':');
    if (colon && strncmp(path, "tags", 4) == 0)
        return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItem(item, "tags"), colon + 1);
    if (colon && strncmp(path, "property", 8) == 0)
        return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItem(data, "properties"), colon + 1);
    if (colon) return cJSON_GetObjectItemCaseSensitive(item, colon + 1);
    const cJSON *at = data;
    for (size_t size; at && *path; path += size + (path[size] == '.')) {
        size = strcspn(path, ".");
        at = step(at, path, size);
    }
    return at;
}

bool azure_is(const char *path, const char *text)
{
    const cJSON *at = azure_at(path);
    if (cJSON_IsString(at) && strcmp(at->valuestring, text) == 0) return true;
    print_message("%s is %s, not %s\n", path, cJSON_IsString(at) ? at->valuestring : "no string", text);
    return false;
}

bool azure_absent(const char *path)
{
    return azure_at(path) == NULL;
}

double azure_number(const char *path)
{
    const cJSON *at = azure_at(path);
    assert_true(cJSON_IsNumber(at));
    return at->valuedouble;
}

const char *azure_repeat(const char *character, size_t times)
{
    static int turn;
    char *to = repeated[turn ^= 1];
    size_t size = strlen(character);
    assert_true(size * times < sizeof repeated[0]);
    for (size_t i = 0; i < times; i++) memcpy(to + i * size, character, size);
    to[size * times] = '\0';
    return to;
}
