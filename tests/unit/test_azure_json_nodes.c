/* Trees of cJSON without an allocation a node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_monitor/src/mapping/json_nodes.h"
#include <cjson/cJSON.h>
#include <string.h>

static otel__azure_memory memory;

static void add(otel__azure_tree *tree, const char *key, const char *text, size_t size)
{
    const otel__azure_text made = {.data = text, .size = (uint32_t)size, .zeros = memchr(text, 0, size) != NULL};
    otel__azure_add_text(tree, key, &made);
}

static void trees_are_printed(void **state)
{
    (void)state;
    char out[400];
    otel__azure_tree root = otel__azure_object(&memory), list = otel__azure_array(&memory),
                     empty = otel__azure_object(&memory);
    otel__azure_add_string(&root, "a", "x\"y\\z\n\x01");
    otel__azure_add_raw(&list, NULL, "9223372036854775807");
    otel__azure_add_string(&list, NULL, "");
    otel__azure_add_tree(&root, "list", &list);
    otel__azure_add_tree(&root, "empty", &empty);
    const char wanted[] = "{\"a\":\"x\\\"y\\\\z\\n\\u0001\",\"list\":[9223372036854775807,\"\"],\"empty\":{}}";
    assert_int_equal(otel__azure_print(&root, out, sizeof out), sizeof wanted - 1);
    assert_string_equal(out, wanted);
    assert_int_equal(otel__azure_print(&root, out, 20), 0);
    assert_int_equal(otel__azure_print(&root, out, SIZE_MAX), 0);
    otel__azure_memory_release(&memory);
}

/* Every character, with a NUL among them and without: both ways of escaping say and take the same. */
static void zeros_are_escaped_as_the_rest(void **state)
{
    (void)state;
    char all[129] = "", out[2][1000];
    for (size_t i = 0; i < 128; i++) all[i] = (char)i;
    for (int i = 0; i < 2; i++) {
        otel__azure_tree root = otel__azure_object(&memory);
        add(&root, "k", all + i, 128 - (size_t)i);
        size_t size = otel__azure_print(&root, out[i], sizeof out[i]);
        assert_int_equal(size, otel__azure_text_escaped(all + i, 128 - (size_t)i) + 8);
        assert_memory_equal(out[i] + size - 2, "\"}", 3);
    }
    assert_memory_equal(out[0], "{\"k\":\"\\u0000", 12);
    assert_string_equal(out[0] + 12, out[1] + 6);
    cJSON *parsed = cJSON_Parse(out[1]);
    assert_memory_equal(cJSON_GetObjectItem(parsed, "k")->valuestring, all + 1, 128);
    cJSON_Delete(parsed);
    otel__azure_memory_release(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(trees_are_printed),
                                       cmocka_unit_test(zeros_are_escaped_as_the_rest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
