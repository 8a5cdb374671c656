/* The lists of tables.h as data. */
#include "tables.h"

#define COLUMN_INFO(enumerator, name, type) {#name, #type},
static const desk_column common_columns[] = {DESK_COMMON_COLUMNS(COLUMN_INFO)};

#define OWN_COLUMNS(enumerator, name, item_type, columns)                                                              \
    static const desk_column name##_columns[] = {columns(COLUMN_INFO)};
DESK_TABLES_LIST(OWN_COLUMNS)

#define TABLE_INFO(enumerator, name, item_type, columns)                                                               \
    {#name, #item_type, name##_columns, enumerator##_END - DESK_COMMON, enumerator##_END},
const desk_table_info desk_tables[DESK_TABLES] = {DESK_TABLES_LIST(TABLE_INFO)};

#define FITS(enumerator, ...) _Static_assert((int)enumerator##_END <= (int)DESK_MOST_COLUMNS, "a row holds it");
DESK_TABLES_LIST(FITS)

const desk_column *desk_table_column(desk_table table, int column)
{
    return column < DESK_COMMON ? &common_columns[column] : &desk_tables[table].own[column - DESK_COMMON];
}
