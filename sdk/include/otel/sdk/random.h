/* Random numbers, so that programs that failed together do not come back together. */
#ifndef OTEL_SDK_RANDOM_H
#define OTEL_SDK_RANDOM_H
#include <otel/base.h>

OTEL_EXTERN_C_BEGIN
/* Any thread; the child of a fork draws others than its parent. From the operating system, a system call each; before
 * that has any, from clock, process and a counter: to spread what would coincide, not for secrets. */
OTEL_API uint64_t otel_random(void);
OTEL_EXTERN_C_END
#endif
