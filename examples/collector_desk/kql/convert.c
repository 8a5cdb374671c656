/* From one type to another, as SQL around a value. */
#include "writer.h"

typedef struct conversion {
    const char *before;
    const char *behind;
} conversion;

#define TYPES (DESK_KQL_DYNAMIC + 1)

static const conversion conversions[TYPES][TYPES] = {
    [DESK_KQL_STRING] = {[DESK_KQL_BOOL] = {"coalesce(kql_bool_text(", "),'')"},
                         [DESK_KQL_LONG] = {"coalesce(CAST(", " AS TEXT),'')"},
                         [DESK_KQL_REAL] = {"coalesce(CAST(", " AS TEXT),'')"},
                         [DESK_KQL_DATETIME] = {"coalesce(", ",'')"},
                         [DESK_KQL_TIMESPAN] = {"coalesce(kql_timespan_text(", "),'')"},
                         [DESK_KQL_DYNAMIC] = {"coalesce(CAST(", " AS TEXT),'')"}},
    [DESK_KQL_LONG] = {[DESK_KQL_BOOL] = {"", ""},
                       [DESK_KQL_REAL] = {"CAST(", " AS INTEGER)"},
                       [DESK_KQL_STRING] = {"kql_long(", ")"},
                       [DESK_KQL_DATETIME] = {"kql_ticks(", ")"},
                       [DESK_KQL_TIMESPAN] = {"", ""},
                       [DESK_KQL_DYNAMIC] = {"kql_long(", ")"}},
    [DESK_KQL_REAL] = {[DESK_KQL_BOOL] = {"CAST(", " AS REAL)"},
                       [DESK_KQL_LONG] = {"CAST(", " AS REAL)"},
                       [DESK_KQL_STRING] = {"kql_real(", ")"},
                       [DESK_KQL_TIMESPAN] = {"CAST(", " AS REAL)"},
                       [DESK_KQL_DYNAMIC] = {"kql_real(", ")"}},
    [DESK_KQL_BOOL] = {[DESK_KQL_LONG] = {"(", " <> 0)"},
                       [DESK_KQL_REAL] = {"(", " <> 0)"},
                       [DESK_KQL_STRING] = {"kql_bool(", ")"},
                       [DESK_KQL_DYNAMIC] = {"kql_bool(", ")"}},
    [DESK_KQL_DATETIME] = {[DESK_KQL_STRING] = {"kql_datetime(", ")"}, [DESK_KQL_DYNAMIC] = {"kql_datetime(", ")"}},
    [DESK_KQL_TIMESPAN] = {[DESK_KQL_STRING] = {"kql_timespan(", ")"}, [DESK_KQL_DYNAMIC] = {"kql_timespan(", ")"}},
};

bool kql_converts(kql_type from, kql_type to)
{
    return from == to || to == DESK_KQL_DYNAMIC || conversions[to][from].before;
}

void kql_write_as(kql_writer *writer, const kql_node *node, kql_type type)
{
    const conversion *to = &conversions[type][node->type];
    bool is_needed = node->type != type && type != DESK_KQL_DYNAMIC && type != DESK_KQL_UNKNOWN;
    if (is_needed) kql_put(writer, to->before);
    kql_write(writer, node);
    if (is_needed) kql_put(writer, to->behind);
}
