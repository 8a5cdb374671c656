/* The record writer for who need not have it inlined: the short way, else the general one. And its tables. */
#include "record_short.h"

#define LENGTH(...) sizeof((const char[]){__VA_ARGS__})
#define NAMED(number, ...)                                                                                             \
    {                                                                                                                  \
        {0x10, number, 0x1a, LENGTH(__VA_ARGS__), __VA_ARGS__}, 4 + LENGTH(__VA_ARGS__)                                \
    }
const otel__record_severity otel__record_severities[25] = {
    {{0}, 0},
    NAMED(1, 'T', 'R', 'A', 'C', 'E'),
    NAMED(2, 'T', 'R', 'A', 'C', 'E', '2'),
    NAMED(3, 'T', 'R', 'A', 'C', 'E', '3'),
    NAMED(4, 'T', 'R', 'A', 'C', 'E', '4'),
    NAMED(5, 'D', 'E', 'B', 'U', 'G'),
    NAMED(6, 'D', 'E', 'B', 'U', 'G', '2'),
    NAMED(7, 'D', 'E', 'B', 'U', 'G', '3'),
    NAMED(8, 'D', 'E', 'B', 'U', 'G', '4'),
    NAMED(9, 'I', 'N', 'F', 'O'),
    NAMED(10, 'I', 'N', 'F', 'O', '2'),
    NAMED(11, 'I', 'N', 'F', 'O', '3'),
    NAMED(12, 'I', 'N', 'F', 'O', '4'),
    NAMED(13, 'W', 'A', 'R', 'N'),
    NAMED(14, 'W', 'A', 'R', 'N', '2'),
    NAMED(15, 'W', 'A', 'R', 'N', '3'),
    NAMED(16, 'W', 'A', 'R', 'N', '4'),
    NAMED(17, 'E', 'R', 'R', 'O', 'R'),
    NAMED(18, 'E', 'R', 'R', 'O', 'R', '2'),
    NAMED(19, 'E', 'R', 'R', 'O', 'R', '3'),
    NAMED(20, 'E', 'R', 'R', 'O', 'R', '4'),
    NAMED(21, 'F', 'A', 'T', 'A', 'L'),
    NAMED(22, 'F', 'A', 'T', 'A', 'L', '2'),
    NAMED(23, 'F', 'A', 'T', 'A', 'L', '3'),
    NAMED(24, 'F', 'A', 'T', 'A', 'L', '4'),
};

#define SLOW_8 128, 128, 128, 128, 128, 128, 128, 128
#define SLOW_64 SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_8
const uint8_t otel__record_base[256] = {
    4,      6,      6,      5,      13,     128,    128,    128, /* EMPTY STRING BOOL INT DOUBLE ARRAY MAP BYTES */
    SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_8, SLOW_64, SLOW_64, SLOW_64,
};

uint32_t otel__record_size(const otel__record_input *input, otel__record_plan *plan)
{
    otel__record_keys unused = {0, 0};
    uint32_t size = otel__record_size_short(input, plan, &unused);
    return size != 0 ? size : otel__record_size_general(input, plan);
}

void otel__record_write(uint8_t *at, const otel__record_input *input, const otel__record_plan *plan)
{
    if (plan->general) {
        otel__record_write_general(at, input, plan);
    } else {
        otel__record_write_short(at, input, plan);
    }
}
