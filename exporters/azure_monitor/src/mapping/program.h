/* The program and the machine by name, where the resource does not say. */
#ifndef OTEL__AZURE_PROGRAM_H
#define OTEL__AZURE_PROGRAM_H
#include <otel/base.h>

/* The name of the executable; false, and "": not known. */
bool otel__azure_program_name(char *out, size_t size);
bool otel__azure_host_name(char *out, size_t size);
#endif
