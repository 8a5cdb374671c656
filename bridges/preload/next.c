/* Looking up what comes behind us. */
#include "next.h"
#include <dlfcn.h>
#include <stdatomic.h>
#include <string.h>

/* ISO C does not turn a data pointer into a function pointer; POSIX says that the bytes are the same. */
#define NEXT(name, type, symbol)                                                                                       \
    type *otel__next_of_##name(void)                                                                                   \
    {                                                                                                                  \
        static _Atomic(type *) found;                                                                                  \
        type *function = atomic_load_explicit(&found, memory_order_relaxed);                                           \
        if (function) return function;                                                                                 \
        void *address = dlsym(RTLD_NEXT, symbol);                                                                      \
        memcpy(&function, &address, sizeof function);                                                                  \
        atomic_store_explicit(&found, function, memory_order_relaxed);                                                 \
        return function;                                                                                               \
    }

NEXT(openlog, otel__next_openlog, "openlog")
NEXT(closelog, otel__next_closelog, "closelog")
NEXT(setlogmask, otel__next_setlogmask, "setlogmask")
NEXT(vsyslog, otel__next_vsyslog, "vsyslog")
NEXT(vsyslog_chk, otel__next_vsyslog_chk, "__vsyslog_chk")
NEXT(fork, otel__next_fork, "fork")
NEXT(daemon, otel__next_daemon, "daemon")
NEXT(execve, otel__next_execve, "execve")
NEXT(execvpe, otel__next_execve, "execvpe")
NEXT(fexecve, otel__next_fexecve, "fexecve")
NEXT(exit, otel__next_exit, "_exit")
