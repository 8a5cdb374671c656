/* Random numbers for jitter and stamps: good enough to spread, not for secrets. */
#ifndef OTEL__RANDOM_H
#define OTEL__RANDOM_H
#include <stdint.h>

uint64_t otel__random(void);
#endif
