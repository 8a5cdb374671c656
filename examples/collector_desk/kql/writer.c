/* Text and numbered parameters. */
#include "writer.h"

#include <string.h>

void kql_put(kql_writer *writer, const char *sql)
{
    desk_put(&writer->sql, (desk_text){sql, strlen(sql)});
}

void kql_put_text(kql_writer *writer, desk_text sql)
{
    desk_put(&writer->sql, sql);
}

static void put_number(kql_writer *writer, unsigned number)
{
    desk_put_byte(&writer->sql, '?');
    desk_put_int(&writer->sql, number);
}

/* The list doubles; what it leaves behind in the arena is as much again at most. */
static bool make_room(kql_writer *writer, kql_place place)
{
    unsigned count = writer->parameter_count;
    if (count >= KQL_MAX_PARAMETERS)
        return kql_fail(writer->context, place, "a shorter query", "found more than %d values",
                        (int)KQL_MAX_PARAMETERS);
    if (count & (count - 1)) return true;
    const kql_node **grown = kql_allocate(writer->context, place, (count ? count * 2 : 1) * sizeof *grown);
    if (!grown) return false;
    if (count) memcpy(grown, writer->parameters, count * sizeof *grown);
    writer->parameters = grown;
    return true;
}

void kql_put_parameter(kql_writer *writer, const kql_node *literal)
{
    if (!make_room(writer, literal ? literal->place : (kql_place){1, 1})) return;
    writer->parameters[writer->parameter_count++] = literal;
    put_number(writer, writer->parameter_count);
}
