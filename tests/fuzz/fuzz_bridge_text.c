/* Text of other programs on its way through a bridge: cut within its bound, between characters, without newlines. */
#include "bridge_text.h"
#include "wire/utf8.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) abort();
}

/* The first byte says how much is allowed; the text lies at the end of memory of its own, so that a look beyond it is
 * seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) return 0;
    size_t most = data[0], given = size - 1;
    char *text = malloc(given ? given : 1);
    if (!text) return 0;
    for (size_t i = 0; i < given; i++) text[i] = (char)data[i + 1];
    size_t kept = otel__text_cut(text, given, most);
    require(kept <= given && kept <= most && (given > most || kept == given));
    require(kept + 3 >= (given < most ? given : most));
    require(!otel__utf8_valid(text, given) || otel__utf8_valid(text, kept));
    otel_str trimmed = otel_bridge_text(text, given);
    require(trimmed.data == text && trimmed.size <= given);
    require(trimmed.size == 0 || (text[trimmed.size - 1] != '\n' && text[trimmed.size - 1] != '\r'));
    free(text);
    return 0;
}
