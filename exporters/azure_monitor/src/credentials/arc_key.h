/* Azure Arc's proof that the program runs on the machine: it can read a file
 * that the challenge names. */
#ifndef OTEL__AZURE_ARC_KEY_H
#define OTEL__AZURE_ARC_KEY_H
#include <otel/base.h>

/* Where its files lie; tests have another place. */
extern const char *const otel__azure_arc_directory;

/* From "Basic realm=<file>", the text of WWW-Authenticate, to "Basic <key>".
 * NULL: it is in `out`, NUL-terminated. Otherwise why not; nothing but a file
 * of that directory whose name ends in .key is ever opened. */
const char *otel__azure_arc_answer(otel_str challenge, char *out, size_t size);
#endif
