/* Functions of times: where days, weeks, months and years begin and end, what a calendar and a clock say. */
#include "check.h"
#include "function_table.h"
#include "period.h"

static void write_now(kql_writer *writer, const kql_node *node)
{
    kql_write_template(writer, node, node->count ? "kql_add($n,$1)" : "$n");
}

/* datetime_diff('day', …): the period is a literal. */
static bool check_period(kql_context *context, kql_node *node)
{
    static const char expected[] = "'year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', "
                                   "'millisecond' or 'microsecond'";
    if (!kql_function_check(context, node)) return false;
    const kql_node *name = node->first;
    kql_period period;
    if (name->kind == KQL_LITERAL && kql_period_find(name->text, &period)) return true;
    return kql_fail(context, name->place, expected, "found another period");
}

#define BEGIN(word, period)                                                                                            \
    {                                                                                                                  \
        .name = DESK_TEXT_INIT(word), .arguments = "tn", .least = 1, .most = 2, .type = DESK_KQL_DATETIME,             \
        .sql = "kql_begin('" period "',", .keeps_name = true, .write = kql_write_listing                               \
    }
#define END(word, period) LISTING(word, "tn", 1, 2, DESK_KQL_DATETIME, NULL, "kql_end('" period "',")
#define PART(word, part) PLAIN(word, "t", 1, 1, DESK_KQL_LONG, "kql_part('" part "',$1)")

static const kql_function functions[] = {
    SPECIAL("now", "p", 0, 1, DESK_KQL_DATETIME, NULL, write_now),
    PLAIN("ago", "p", 1, 1, DESK_KQL_DATETIME, "kql_subtract($n,$1)"),
    BEGIN("startofday", "day"),
    BEGIN("startofweek", "week"),
    BEGIN("startofmonth", "month"),
    BEGIN("startofyear", "year"),
    END("endofday", "day"),
    END("endofweek", "week"),
    END("endofmonth", "month"),
    END("endofyear", "year"),
    PART("getyear", "year"),
    PART("getmonth", "month"),
    PART("monthofyear", "month"),
    PART("dayofmonth", "day"),
    PART("dayofyear", "dayofyear"),
    PART("hourofday", "hour"),
    PLAIN("dayofweek", "t", 1, 1, DESK_KQL_TIMESPAN, "(864000000000 * kql_part('dayofweek',$1))"),
    LISTING("datetime_diff", "st", 3, 3, DESK_KQL_LONG, check_period, "kql_difference("),
    LISTING("datetime_add", "snt", 3, 3, DESK_KQL_DATETIME, check_period, "kql_moved("),
    KEEPING("format_datetime", "ts", 2, DESK_KQL_STRING, "coalesce(kql_format_datetime($1,$2),'')"),
    PLAIN("unixtime_seconds_todatetime", "n", 1, 1, DESK_KQL_DATETIME, "kql_of_unix($1,10000000)"),
    PLAIN("unixtime_milliseconds_todatetime", "n", 1, 1, DESK_KQL_DATETIME, "kql_of_unix($1,10000)"),
};

const kql_function *kql_time_function_find(desk_text name)
{
    return kql_function_in(functions, sizeof functions / sizeof functions[0], name);
}
