/* Half of an id is the process's, half is counted: unique without asking anybody. */
#include "item_id.h"

#include <sys/random.h>
#include <time.h>

desk_item_ids desk_item_ids_begin(void)
{
    desk_item_ids ids = {0, 1};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (getrandom(&ids.process, sizeof ids.process, GRND_NONBLOCK) != (ssize_t)sizeof ids.process)
        ids.process = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    return ids;
}

static char *put_hex(char *at, uint64_t value, int digits)
{
    static const char hex[] = "0123456789abcdef";
    for (int i = digits; i > 0; i--, value >>= 4) at[i - 1] = hex[value & 15];
    return at + digits;
}

desk_text desk_item_id_next(desk_item_ids *ids, char *room)
{
    char *at = put_hex(room, ids->process >> 32, 8);
    *at++ = '-';
    at = put_hex(at, ids->process >> 16, 4);
    *at++ = '-';
    at = put_hex(at, ids->process, 4);
    *at++ = '-';
    at = put_hex(at, ids->next >> 48, 4);
    *at++ = '-';
    put_hex(at, ids->next++, 12);
    return (desk_text){room, DESK_ITEM_ID_SIZE};
}
