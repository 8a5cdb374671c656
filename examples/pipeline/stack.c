/* The stack as text, with what the dynamic linker knows: exported functions by name, others by their place in the file.
 */
#include "stack.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <stdio.h>
#include <string.h>

enum { FRAMES = 32 };

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static size_t write_frame(char *room, size_t size, void *address)
{
    Dl_info info;
    int used;

    if (!dladdr(address, &info) || !info.dli_fname) return 0;
    const char *base = info.dli_sname ? info.dli_saddr : info.dli_fbase;
    used = snprintf(room, size, "at %s+0x%tx (%s)\n", info.dli_sname ? info.dli_sname : "", (char *)address - base,
                    file_name(info.dli_fname));
    return (size_t)used < size ? (size_t)used : 0;
}

const char *stack_text(char room[STACK_BYTES])
{
    void *addresses[FRAMES];
    const int count = backtrace(addresses, FRAMES);
    size_t used = 0;

    for (int i = 1; i < count; i++) used += write_frame(room + used, STACK_BYTES - used, addresses[i]);
    room[used] = '\0';
    return room;
}
