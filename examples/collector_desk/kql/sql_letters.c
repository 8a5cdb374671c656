/* tolower and toupper beyond ASCII: the alphabets that have two cases, letter by letter; none becomes longer. */
#include "sql_functions.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../../tools/json_reader/json_reader.h"

/* Capitals from first to last, each `step` further on; `distance` leads to the small letter. */
static const struct range {
    uint16_t first, last, step;
    int16_t distance;
} ranges[] = {
    {'A', 'Z', 1, 32},       {0xc0, 0xd6, 1, 32},   {0xd8, 0xde, 1, 32},    {0x100, 0x12e, 2, 1},
    {0x132, 0x136, 2, 1},    {0x139, 0x147, 2, 1},  {0x14a, 0x176, 2, 1},   {0x178, 0x178, 1, -121},
    {0x179, 0x17d, 2, 1},    {0x1cd, 0x1db, 2, 1},  {0x1de, 0x1ee, 2, 1},   {0x1f8, 0x21e, 2, 1},
    {0x222, 0x232, 2, 1},    {0x386, 0x386, 1, 38}, {0x388, 0x38a, 1, 37},  {0x38c, 0x38c, 1, 64},
    {0x38e, 0x38f, 1, 63},   {0x391, 0x3a1, 1, 32}, {0x3a3, 0x3ab, 1, 32},  {0x400, 0x40f, 1, 80},
    {0x410, 0x42f, 1, 32},   {0x460, 0x480, 2, 1},  {0x48a, 0x4be, 2, 1},   {0x4c1, 0x4cd, 2, 1},
    {0x4d0, 0x52e, 2, 1},    {0x531, 0x556, 1, 48}, {0x1e00, 0x1e94, 2, 1}, {0x1ea0, 0x1efe, 2, 1},
    {0xff21, 0xff3a, 1, 32},
};

static int32_t other_case(int32_t point, bool is_upper_wanted)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        const struct range *range = &ranges[i];
        int32_t capital = is_upper_wanted ? point - range->distance : point;
        if (capital >= range->first && capital <= range->last && (capital - range->first) % range->step == 0)
            return is_upper_wanted ? capital : capital + range->distance;
    }
    return point;
}

/* A character of one to three bytes as its number, and back. */
static int32_t read_point(const unsigned char *at, size_t size)
{
    if (size == 1) return *at;
    if (size == 2) return (*at & 0x1f) << 6 | (at[1] & 0x3f);
    return (*at & 0x0f) << 12 | (at[1] & 0x3f) << 6 | (at[2] & 0x3f);
}

static void write_point(unsigned char *at, size_t size, int32_t point)
{
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0};
    for (size_t i = size; i-- > 1; point >>= 6) at[i] = (unsigned char)(0x80 | (point & 0x3f));
    *at = (unsigned char)(leads[size] | point);
}

static void fold(char *text, size_t size, bool is_upper_wanted)
{
    for (char *at = text, *end = text + size; at < end;) {
        size_t bytes = otel__json_utf8_size(at, end);
        unsigned char *letter = (unsigned char *)at;
        if (bytes >= 1 && bytes <= 3)
            write_point(letter, bytes, other_case(read_point(letter, bytes), is_upper_wanted));
        at += bytes ? bytes : 1;
    }
}

static void give_folded(sqlite3_context *context, sqlite3_value *value, bool is_upper_wanted)
{
    const char *text = (const char *)sqlite3_value_text(value);
    if (!text) return;
    size_t size = (size_t)sqlite3_value_bytes(value);
    char *copy = malloc(size + 1);
    if (!copy) {
        sqlite3_result_error_nomem(context);
        return;
    }
    memcpy(copy, text, size);
    fold(copy, size, is_upper_wanted);
    sqlite3_result_text64(context, copy, size, free, SQLITE_UTF8);
}

static void lower(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    give_folded(context, values[0], false);
}

static void upper(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    give_folded(context, values[0], true);
}

bool kql_sql_letters_add(sqlite3 *db)
{
    return kql_sql_add(db, "kql_lower", 1, lower, NULL) && kql_sql_add(db, "kql_upper", 1, upper, NULL);
}
