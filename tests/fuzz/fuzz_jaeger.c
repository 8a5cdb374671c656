/* uber-trace-id, and baggage of its own. */
#include "propagation_rounds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"uber-trace-id", "uberctx-a", "UberCtx-b b", "uberctx-c"};
    piece_list list;
    cut_pieces(&list, data, size, names, sizeof names / sizeof *names);
    check_rounds("jaeger", &piece_getter, &list, size ? data[size - 1] : 0);
    return 0;
}
