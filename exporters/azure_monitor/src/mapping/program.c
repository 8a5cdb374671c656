/* The program and the machine by name, where the resource does not say. */
#include "program.h"

#include <string.h>
#include <unistd.h>

static void take_away(char *text, const char *ending)
{
    size_t size = strlen(text), n = strlen(ending);
    if (size > n && strcmp(text + size - n, ending) == 0) text[size - n] = '\0';
}

bool otel__azure_program_name(char *out, size_t size)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    *out = '\0';
    if (length <= 0) return false;
    path[length] = '\0';
    take_away(path, " (deleted)"); /* it has been replaced since it was started */
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = strlen(name);
    if (n == 0 || n >= size) return false;
    memcpy(out, name, n + 1);
    return true;
}

bool otel__azure_host_name(char *out, size_t size)
{
    *out = '\0';
    if (gethostname(out, size) != 0) *out = '\0';
    out[size - 1] = '\0';
    return *out != '\0';
}
