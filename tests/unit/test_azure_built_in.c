/* Custom dimensions that we add, and who wins when a key is there twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "azure_fixture.h"
#include <otel/log.h>
#include <string.h>

static void levels_have_both_spellings(void **state)
{
    (void)state;
    otel_log_record record = {.size = sizeof record, .severity = 14, .severity_text = {"WARN2", 5}};
    azure_item(&record);
    assert_true(azure_is("property:level", "WARNING") && azure_is("property:Level", "WARNING"));
    assert_true(azure_is("property:severity_text", "WARN2") && azure_number("severityLevel") == 2);
    record.severity_text = (otel_str){"warning", 7};
    azure_item(&record);
    assert_true(azure_is("property:level", "WARNING") && azure_absent("property:severity_text"));
    record.severity = 0;
    record.severity_text = (otel_str){"NOTICE", 6};
    azure_item(&record);
    assert_true(azure_is("property:level", "NOTICE") && azure_is("property:Level", "NOTICE"));
    assert_true(azure_absent("property:severity_text") && azure_absent("severityLevel"));
    record.attributes = OTEL_ATTRS(OTEL_STR("level", "mine"), OTEL_STR("Level", "Mine"));
    record.attribute_count = 2;
    azure_item(&record);
    assert_true(azure_is("property:level", "mine") && azure_is("property:severity_text", "NOTICE"));
    record.attribute_count = 0;
    record.severity_text = (otel_str){NULL, 0};
    azure_item(&record);
    assert_true(azure_absent("property:level") && azure_absent("property:Level"));
}

static void module_is(const char *file, const char *module)
{
    ITEM("x", OTEL_STR("code.file.path", file), OTEL_INT("code.line.number", 214));
    assert_true(azure_is("property:fileName", file) && azure_is("property:lineNumber", "214"));
    assert_true(azure_is("property:code.file.path", file) && azure_is("property:code.line.number", "214"));
    assert_true(module ? azure_is("property:module", module) : azure_absent("property:module"));
}

static void the_place_in_the_source(void **state)
{
    (void)state;
    module_is("/src/disk.c", "disk");
    module_is("disk", "disk");
    module_is("/a.b/disk.tar.gz", "disk.tar");
    module_is("c:\\src\\disk.c", "disk");
    module_is("/src/.hidden", ".hidden");
    module_is("/src/", NULL);
    ITEM("x", OTEL_STR("code.filepath", "/old.c"), OTEL_INT("code.lineno", 7));
    assert_true(azure_is("property:fileName", "/old.c") && azure_is("property:module", "old"));
    assert_true(azure_is("property:lineNumber", "7") && azure_is("property:code.lineno", "7"));
    ITEM("x", OTEL_INT("code.line.number", 5));
    assert_true(azure_is("property:lineNumber", "5") && azure_absent("property:fileName") &&
                azure_absent("property:module"));
}

static void the_process(void **state)
{
    (void)state;
    ITEM("x", otel_attr_end());
    assert_true(azure_is("property:process", "test_azure_built_in"));
    azure.resource = OTEL_ATTRS(OTEL_STR("process.executable.name", "agent"));
    ITEM("x", otel_attr_end());
    assert_true(azure_is("property:process", "agent") && azure_is("property:process.executable.name", "agent"));
    ITEM("x", OTEL_STR("process.executable.name", "mine"));
    assert_true(azure_is("property:process", "mine"));
}

static void the_scope(void **state)
{
    (void)state;
    const otel_attr attributes[] = {OTEL_STR("short", "x"), OTEL_INT("n", 2)};
    azure.scope = (otel_scope){.name = "lib.io", .version = "1.2", .attributes = attributes, .attribute_count = 2};
    ITEM("x", OTEL_STR("n", "mine"));
    assert_true(azure_is("property:logger_name", "lib.io") && azure_is("property:otel.scope.name", "lib.io"));
    assert_true(azure_is("property:otel.scope.version", "1.2") && azure_is("property:short", "x"));
    assert_true(azure_is("property:n", "mine"));
    ITEM("x", OTEL_STR("logger_name", "mine"));
    assert_true(azure_is("property:logger_name", "mine") && azure_is("property:otel.scope.name", "lib.io"));
    azure.scope = (otel_scope){.name = ""};
    ITEM("x", otel_attr_end());
    assert_true(azure_absent("property:logger_name") && azure_absent("property:otel.scope.name"));
    assert_true(azure_absent("property:otel.scope.version"));
}

/* Record, built-in, scope, resource. */
static void precedence(void **state)
{
    (void)state;
    const otel_attr attributes[] = {OTEL_STR("a", "scope"), OTEL_STR("b", "scope"), OTEL_STR("level", "scope")};
    azure.scope = (otel_scope){.name = "s", .attributes = attributes, .attribute_count = 3};
    azure.resource = OTEL_ATTRS(OTEL_STR("a", "resource"), OTEL_STR("b", "resource"), OTEL_STR("c", "resource"),
                                OTEL_STR("Level", "r"));
    ITEM("x", OTEL_STR("a", "record"));
    assert_true(azure_is("property:a", "record") && azure_is("property:b", "scope") &&
                azure_is("property:c", "resource"));
    assert_true(azure_is("property:level", "INFO") && azure_is("property:Level", "INFO"));
    ITEM("x", OTEL_STR("level", "mine"), OTEL_STR("fileName", "f"), OTEL_STR("code.file.path", "g"));
    assert_true(azure_is("property:level", "mine") && azure_is("property:Level", "INFO"));
    assert_true(azure_is("property:fileName", "f") && azure_is("property:module", "g"));
}

static void sequence_and_dropped(void **state)
{
    (void)state;
    azure.sequence = 42;
    otel_log_record record = {.size = sizeof record, .dropped_attribute_count = 3};
    azure_item(&record);
    assert_true(azure_is("property:sequence", "42") && azure_is("property:otel.dropped_attributes_count", "3"));
    ITEM("x", OTEL_STR("otel.dropped_attributes_count", "mine"));
    assert_true(azure_is("property:otel.dropped_attributes_count", "mine"));
    azure.sequence = 0;
    ITEM("x", otel_attr_end());
    assert_true(azure_absent("property:sequence") && azure_absent("property:otel.dropped_attributes_count"));
}

static void lean_leaves_them_out(void **state)
{
    (void)state;
    azure.lean = true;
    azure.resource = OTEL_ATTRS(OTEL_STR("team", "ml"));
    azure.scope = (otel_scope){.name = "s"};
    ITEM("x", OTEL_STR("code.file.path", "/a.c"), OTEL_INT("code.line.number", 1), OTEL_STR("k", "v"));
    static const char *const gone[] = {"level", "Level", "fileName", "lineNumber", "module", "process", "team"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) {
        char path[64] = "property:";
        assert_true(azure_absent(strcat(path, gone[i])));
    }
    assert_true(azure_is("property:logger_name", "s") && azure_is("property:k", "v"));
    assert_true(azure_is("property:code.file.path", "/a.c"));
    otel_log_record record = {.size = sizeof record, .severity_text = {"NOTICE", 6}};
    azure_item(&record);
    assert_true(azure_is("property:severity_text", "NOTICE")); /* nothing else says it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(levels_have_both_spellings),
                                       TEST(the_place_in_the_source),
                                       TEST(the_process),
                                       TEST(the_scope),
                                       TEST(precedence),
                                       TEST(sequence_and_dropped),
                                       TEST(lean_leaves_them_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
