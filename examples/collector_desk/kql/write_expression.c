/* A checked expression as SQL: columns, parameters, properties, and functions by their template. */
#include "writer.h"

#include "function.h"
#include "hot_keys.h"

/* NULL: not one of them. */
static const char *hot_property(const kql_node *node)
{
#define HOT(key) {DESK_TEXT_INIT(key), KQL_HOT_PROPERTY(key)},
    static const struct {
        desk_text key;
        const char *sql;
    } hot[] = {KQL_HOT_KEYS(HOT)};
#undef HOT
    const kql_node *of = node->first;
    bool is_stored = of->kind == KQL_COLUMN && of->column->is_stored;
    if (!is_stored || node->is_index || !desk_text_is(of->column->sql, DESK_TEXT("\"customDimensions\""))) return NULL;
    for (size_t i = 0; i < sizeof hot / sizeof hot[0]; i++) {
        if (desk_text_is(node->name, hot[i].key)) return hot[i].sql;
    }
    return NULL;
}

bool kql_is_hot(const kql_node *node)
{
    return node->kind == KQL_PROPERTY && hot_property(node);
}

static void write_property(kql_writer *writer, const kql_node *node)
{
    const char *hot = hot_property(node);
    if (hot) {
        kql_put(writer, hot);
        return;
    }
    kql_put(writer, "kql_property(");
    kql_write(writer, node->first);
    kql_put(writer, ",");
    kql_put_parameter(writer, node);
    kql_put(writer, ")");
}

static void write_function(kql_writer *writer, const kql_node *node)
{
    if (node->function->write)
        node->function->write(writer, node);
    else
        kql_write_template(writer, node, node->function->sql);
}

void kql_write_raw(kql_writer *writer, const kql_node *node)
{
    switch (node->kind) {
    case KQL_LITERAL:
        kql_put_parameter(writer, node);
        break;
    case KQL_COLUMN:
        kql_put_text(writer, node->column->sql);
        break;
    case KQL_PROPERTY:
        write_property(writer, node);
        break;
    default:
        write_function(writer, node);
        break;
    }
}

void kql_write(kql_writer *writer, const kql_node *node)
{
    bool may_be_null = node->kind == KQL_COLUMN && node->column->is_stored && node->type == DESK_KQL_STRING;
    if (may_be_null) kql_put(writer, "coalesce(");
    kql_write_raw(writer, node);
    if (may_be_null) kql_put(writer, ",'')");
}

static kql_type type_of_letter(char letter, const kql_node *node)
{
    switch (letter) {
    case 's':
        return DESK_KQL_STRING;
    case 'b':
        return DESK_KQL_BOOL;
    case 't':
        return DESK_KQL_DATETIME;
    case 'n':
    case 'm':
        return node->type == DESK_KQL_DYNAMIC ? DESK_KQL_REAL : node->type;
    default:
        return node->type;
    }
}

static void write_argument(kql_writer *writer, const kql_node *node, unsigned index)
{
    const kql_node *argument = node->first;
    const char *letter = node->function->arguments;
    for (; index > 0 && argument; index--, argument = argument->next) {
        if (letter[1]) letter++;
    }
    if (argument) kql_write_as(writer, argument, type_of_letter(*letter, argument));
}

void kql_write_listing(kql_writer *writer, const kql_node *node)
{
    kql_put(writer, node->function->sql);
    for (unsigned i = 0; i < node->count; i++) {
        if (i) kql_put(writer, ",");
        write_argument(writer, node, i);
    }
    kql_put(writer, ")");
}

void kql_write_template(kql_writer *writer, const kql_node *node, const char *sql)
{
    for (; *sql; sql++) {
        if (*sql != '$')
            desk_put_byte(&writer->sql, *sql);
        else if (*++sql == 'n')
            kql_put_parameter(writer, NULL);
        else
            write_argument(writer, node, (unsigned)(*sql - '1'));
    }
}
