/* Loading libotel: found where this library lies, else where the system looks. It stays. */
#include "sdk.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* ISO C does not turn a data pointer into a function pointer; POSIX says that the bytes are the same. */
static bool find(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

bool otel__sdk_load(otel__sdk *sdk, char *why, size_t size)
{
    void *library = dlopen(OTEL__LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    bool whole = library && find(library, "otel_start_sized", &sdk->start) && find(library, "otel_stop", &sdk->stop) &&
                 find(library, "otel_flush", &sdk->flush) && find(library, "otel_env_read", &sdk->read);
    if (!whole) snprintf(why, size, "%s", dlerror());
    return whole;
}
