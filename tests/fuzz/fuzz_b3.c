/* B3, both forms at once. */
#include "propagation_rounds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"b3", "x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags"};
    piece_list list;
    cut_pieces(&list, data, size, names, sizeof names / sizeof *names);
    check_rounds("b3", &piece_getter, &list, size ? data[size - 1] : 0);
    return 0;
}
