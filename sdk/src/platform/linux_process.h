/* Parsers of what Linux says in /proc. */
#ifndef OTEL__LINUX_PROCESS_H
#define OTEL__LINUX_PROCESS_H
#include <otel/base.h>

/* When a process began, in clock ticks since boot, from the text of /proc/<id>/stat. */
bool otel__start_ticks(const char *stat, uint64_t *ticks);
#endif
