/* Decompression of a request's body, with an end to how large it may become. */
#ifndef DESK_GUNZIP_H
#define DESK_GUNZIP_H
#include "../buffer.h"

/* Replaces what is in *plain. One or more gzip members; anything else is 400, more than the limit 413. */
bool desk_gunzip(desk_text packed, size_t limit_bytes, desk_buffer *plain, desk_failure *failure);
#endif
