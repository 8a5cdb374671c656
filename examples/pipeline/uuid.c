/* Random UUIDs (version 4), as text. */
#include "uuid.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

uuid uuid_random(void)
{
    unsigned char b[16];
    uuid id;

    if (getentropy(b, sizeof b) != 0) abort(); /* only a kernel older than this program's libc says no */
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(id.text, sizeof id.text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return id;
}
