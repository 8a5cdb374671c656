/* Calendar arithmetic of its own: gmtime and strftime cost more than the rest of a row. */
#include "row_time.h"

#include <string.h>

/* Days since 1970-01-01 to a date of the Gregorian calendar, in years that begin with March. */
static void civil_date(uint64_t days, unsigned *year, unsigned *month, unsigned *day)
{
    uint64_t shifted = days + 719468; /* from 0000-03-01 */
    uint64_t era = shifted / 146097;
    unsigned of_era = (unsigned)(shifted % 146097);
    unsigned year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted_month = (5 * of_year + 2) / 153;
    *day = of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = (unsigned)(era * 400) + year_of_era + (*month <= 2);
}

static char *put_digits(char *at, unsigned value, unsigned count, char behind)
{
    for (unsigned i = count; i > 0; i--, value /= 10) at[i - 1] = (char)('0' + value % 10);
    at[count] = behind;
    return at + count + 1;
}

desk_text desk_timestamp(uint64_t unix_nano, char *room)
{
    uint64_t seconds = unix_nano / 1000000000;
    unsigned second_of_day = (unsigned)(seconds % 86400), year, month, day;
    civil_date(seconds / 86400, &year, &month, &day);
    char *at = put_digits(room, year, 4, '-');
    at = put_digits(at, month, 2, '-');
    at = put_digits(at, day, 2, 'T');
    at = put_digits(at, second_of_day / 3600, 2, ':');
    at = put_digits(at, second_of_day / 60 % 60, 2, ':');
    at = put_digits(at, second_of_day % 60, 2, '.');
    at = put_digits(at, (unsigned)(unix_nano % 1000000000 / 100), 7, 'Z');
    return (desk_text){room, (size_t)(at - room)};
}
