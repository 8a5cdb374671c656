/* The scalar functions: conversions, conditions, text. */
#include "check.h"
#include "function_table.h"

/* tostring, toint … : from any type that converts. */
static bool check_conversion(kql_context *context, kql_node *node)
{
    if (!kql_function_check(context, node)) return false;
    if (kql_converts(node->first->type, node->type)) return true;
    return kql_fail_type(context, node->first, "a value of another type: this one does not convert");
}

static void write_conversion(kql_writer *writer, const kql_node *node)
{
    kql_write_as(writer, node->first, node->type);
}

static void write_int(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, "kql_int(");
    kql_write_as(writer, node->first, DESK_KQL_LONG);
    kql_put(writer, ")");
}

bool kql_unify(kql_context *context, const kql_node *node, unsigned step, kql_type *type)
{
    *type = node->type;
    for (unsigned i = 0; node; node = node->next, i++) {
        bool is_dynamic = *type == DESK_KQL_DYNAMIC || node->type == DESK_KQL_DYNAMIC;
        if (i % step && node->next) continue;
        if (!kql_types_meet(*type, node->type, type)) return kql_fail_type(context, node, kql_type_words(*type));
        if (is_dynamic) *type = DESK_KQL_DYNAMIC;
    }
    return true;
}

/* case(condition, value, …, otherwise); iff has three arguments. */
static bool check_case(kql_context *context, kql_node *node)
{
    if (!kql_function_check(context, node)) return false;
    if (node->count % 2 == 0)
        return kql_fail(context, node->place, "conditions and values in pairs, and one value for the rest",
                        "found %s() with %u arguments", kql_show(node->name).text, node->count);
    unsigned index = 0;
    for (const kql_node *operand = node->first; operand->next; operand = operand->next, index++) {
        if (index % 2 == 0 && operand->type != DESK_KQL_BOOL) return kql_fail_type(context, operand, "a condition");
    }
    return kql_unify(context, node->first->next, 2, &node->type);
}

static void write_case(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, "CASE");
    const kql_node *operand = node->first;
    for (; operand->next; operand = operand->next->next) {
        kql_put(writer, " WHEN ");
        kql_write(writer, operand);
        kql_put(writer, " THEN ");
        kql_write_as(writer, operand->next, node->type);
    }
    kql_put(writer, " ELSE ");
    kql_write_as(writer, operand, node->type);
    kql_put(writer, " END");
}

static bool check_coalesce(kql_context *context, kql_node *node)
{
    return kql_function_check(context, node) && kql_unify(context, node->first, 1, &node->type);
}

/* An empty string counts as missing. */
static void write_coalesce(kql_writer *writer, const kql_node *node)
{
    bool is_string = node->type == DESK_KQL_STRING;
    kql_put(writer, "coalesce(");
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        if (is_string) kql_put(writer, "nullif(");
        kql_write_as(writer, operand, node->type);
        kql_put(writer, is_string ? ",'')," : operand->next ? "," : ")");
    }
    if (is_string) kql_put(writer, "'')");
}

static void write_strcat(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, "(");
    for (const kql_node *operand = node->first; operand; operand = operand->next) {
        kql_write_as(writer, operand, DESK_KQL_STRING);
        kql_put(writer, operand->next ? " || " : ")");
    }
}

static void write_strcat_delim(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, "(");
    for (const kql_node *operand = node->first->next; operand; operand = operand->next) {
        kql_write_as(writer, operand, DESK_KQL_STRING);
        if (!operand->next) break;
        kql_put(writer, " || ");
        kql_write_as(writer, node->first, DESK_KQL_STRING);
        kql_put(writer, " || ");
    }
    kql_put(writer, ")");
}

/* bin(number, number), bin(datetime, timespan), bin(timespan, timespan) */
static bool check_bin(kql_context *context, kql_node *node)
{
    if (!kql_function_check(context, node)) return false;
    kql_type value = node->first->type, step = node->first->next->type;
    node->type = value == DESK_KQL_DYNAMIC ? DESK_KQL_REAL : value;
    if (value == DESK_KQL_DATETIME || value == DESK_KQL_TIMESPAN)
        return step == DESK_KQL_TIMESPAN || kql_fail_type(context, node->first->next, "a timespan such as 1h");
    if (!kql_type_fits(value, 'n')) return kql_fail_type(context, node->first, "a number, a datetime or a timespan");
    if (!kql_type_fits(step, 'n')) return kql_fail_type(context, node->first->next, "a number");
    if (step == DESK_KQL_REAL) node->type = DESK_KQL_REAL;
    return true;
}

static void write_bin(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, "kql_bin(");
    kql_write_as(writer, node->first, node->type);
    kql_put(writer, ",");
    kql_write_as(writer, node->first->next,
                 node->first->next->type == DESK_KQL_DYNAMIC ? DESK_KQL_REAL : node->first->next->type);
    kql_put(writer, ")");
}

/* The first character is 0, the last one -1. */
static void write_substring(kql_writer *writer, const kql_node *node)
{
    kql_write_template(writer, node,
                       node->count == 3 ? "substr($1,kql_start($2),max(0,$3))" : "substr($1,kql_start($2))");
}

#define CONVERSION(word, to, writer)                                                                                   \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = "x", .least = 1, .most = 1, .type = (to), .keeps_name = true,       \
        .check = check_conversion, .write = (writer)                                                                   \
    }
#define BIN(word)                                                                                                      \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = "x", .least = 2, .most = 2, .keeps_name = true, .check = check_bin, \
        .write = write_bin                                                                                             \
    }

static const kql_function functions[] = {
    CONVERSION("tostring", DESK_KQL_STRING, write_conversion),
    CONVERSION("toint", DESK_KQL_LONG, write_int),
    CONVERSION("tolong", DESK_KQL_LONG, write_conversion),
    CONVERSION("todouble", DESK_KQL_REAL, write_conversion),
    CONVERSION("toreal", DESK_KQL_REAL, write_conversion),
    CONVERSION("tobool", DESK_KQL_BOOL, write_conversion),
    CONVERSION("toboolean", DESK_KQL_BOOL, write_conversion),
    CONVERSION("todatetime", DESK_KQL_DATETIME, write_conversion),
    CONVERSION("totimespan", DESK_KQL_TIMESPAN, write_conversion),
    SPECIAL("iff", "bx", 3, 3, DESK_KQL_UNKNOWN, check_case, write_case),
    SPECIAL("iif", "bx", 3, 3, DESK_KQL_UNKNOWN, check_case, write_case),
    SPECIAL("case", "bx", 3, 99, DESK_KQL_UNKNOWN, check_case, write_case),
    SPECIAL("coalesce", "x", 2, 64, DESK_KQL_UNKNOWN, check_coalesce, write_coalesce),
    SPECIAL("strcat", "x", 1, 64, DESK_KQL_STRING, NULL, write_strcat),
    BIN("bin"),
    BIN("floor"),
    PLAIN("not", "b", 1, 1, DESK_KQL_BOOL, "(NOT $1)"),
    PLAIN("isnull", "x", 1, 1, DESK_KQL_BOOL, "($1 IS NULL)"),
    PLAIN("isnotnull", "x", 1, 1, DESK_KQL_BOOL, "($1 IS NOT NULL)"),
    PLAIN("notnull", "x", 1, 1, DESK_KQL_BOOL, "($1 IS NOT NULL)"),
    PLAIN("isempty", "x", 1, 1, DESK_KQL_BOOL, "(coalesce($1,'') = '')"),
    PLAIN("isnotempty", "x", 1, 1, DESK_KQL_BOOL, "(coalesce($1,'') <> '')"),
    PLAIN("notempty", "x", 1, 1, DESK_KQL_BOOL, "(coalesce($1,'') <> '')"),
    PLAIN("tolower", "s", 1, 1, DESK_KQL_STRING, "kql_lower($1)"),
    PLAIN("toupper", "s", 1, 1, DESK_KQL_STRING, "kql_upper($1)"),
    SPECIAL("substring", "sn", 2, 3, DESK_KQL_STRING, NULL, write_substring),
    KEEPING("parse_json", "s", 1, DESK_KQL_DYNAMIC, "$1"),
    KEEPING("todynamic", "s", 1, DESK_KQL_DYNAMIC, "$1"),
    {.name = DESK_TEXT_INIT("strlen"),
     .arguments = "s",
     .least = 1,
     .most = 1,
     .type = DESK_KQL_LONG,
     .sql = "length($1)",
     .adds_name = true},
    PLAIN("replace_string", "s", 3, 3, DESK_KQL_STRING, "kql_replace($1,$2,$3)"),
    SPECIAL("strcat_delim", "sx", 2, 64, DESK_KQL_STRING, NULL, write_strcat_delim),
    {.name = DESK_TEXT_INIT("split"),
     .arguments = "ssn",
     .least = 2,
     .most = 3,
     .type = DESK_KQL_DYNAMIC,
     .sql = "kql_split(",
     .keeps_name = true,
     .write = kql_write_listing},
    PLAIN("countof", "s", 2, 2, DESK_KQL_LONG, "kql_countof($1,$2)"),
    PLAIN("array_length", "s", 1, 1, DESK_KQL_LONG, "kql_array_length($1)"),
    PLAIN("indexof", "s", 2, 2, DESK_KQL_LONG, "kql_indexof($1,$2)"),
};

const kql_function *kql_function_in(const kql_function *table, size_t count, desk_text name)
{
    for (size_t i = 0; i < count; i++) {
        if (desk_text_is(table[i].name, name)) return &table[i];
    }
    return NULL;
}

const kql_function *kql_function_find(desk_text name)
{
    const kql_function *found = kql_function_in(functions, sizeof functions / sizeof functions[0], name);
    if (!found) found = kql_time_function_find(name);
    return found ? found : kql_number_function_find(name);
}
