/* Records as the service's items, parsed: what tests of the mapping share. */
#ifndef OTEL_TEST_AZURE_FIXTURE_H
#define OTEL_TEST_AZURE_FIXTURE_H
#include "azure_monitor/src/mapping/envelope.h"
#include <cjson/cJSON.h>

#define AZURE_KEY "00000000-0000-0000-0000-0000000000aa"

/* How the next items are made; cleared by azure_begin. */
typedef struct azure_case {
    bool lean, flatten;
    uint64_t sequence;
    const otel_attr *resource; /* ends with otel_attr_end() */
    otel_scope scope;
} azure_case;
extern azure_case azure;

/* Before and after each test. */
int azure_begin(void **state);
int azure_end(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, azure_begin, azure_end)

/* The item of a record, and its text in azure_text(). What every item must be is checked. Belongs to the fixture, until
 * the next one. */
const cJSON *azure_item(const otel_log_record *record);
/* The same of an INFO record with a text as body and these attributes. */
const cJSON *azure_item_of(const char *body, const otel_attr *attributes);
#define ITEM(body, ...) azure_item_of(body, OTEL_ATTRS(__VA_ARGS__))
const char *azure_text(void);
otel_azure_monitor_kind azure_kind(void);

/* In the last item: a path through objects and arrays, "exceptions.0.typeName" from baseData, "tags:<name>",
 * "property:<name>", "envelope:<name>". NULL: absent. */
const cJSON *azure_at(const char *path);
bool azure_is(const char *path, const char *text);
bool azure_absent(const char *path);
double azure_number(const char *path);
/* A text of one character so many times, in static memory until the second next. */
const char *azure_repeat(const char *character, size_t times);
#endif
