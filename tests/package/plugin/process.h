/* What a process can see of itself. */
#ifndef PROCESS_H
#define PROCESS_H
#include <stdbool.h>

int process_threads(void);
int process_descriptors(void);
bool process_has_mapped(const char *path); /* a file of that base name */
#endif
