/* Preloaded: makes the nth call of one function fail, counting the calls of the libraries that are on trial alone.
 *   FAULT_CALL   the function's name
 *   FAULT_NTH    1 is the first; FAULT_ON=1: all behind it too
 *   FAULT_FD     gets a byte when a call was made to fail
 *   FAULT_LIBRARY  only calls of this one are counted */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The C library's own, found without dlsym, which allocates. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *p, size_t size);

static const char *chosen, *library;
static long nth;
static bool on;
static int report = -1;
static _Atomic long calls;

__attribute__((constructor)) static void read_settings(void)
{
    const char *at = getenv("FAULT_NTH"), *fd = getenv("FAULT_FD");
    chosen = getenv("FAULT_CALL");
    library = getenv("FAULT_LIBRARY");
    nth = at ? strtol(at, NULL, 10) : 0;
    on = getenv("FAULT_ON") != NULL;
    report = fd ? (int)strtol(fd, NULL, 10) : -1;
}

static bool on_trial(const void *caller)
{
    static const char *const libraries[] = {"libotel", "libcurl", "libz.", "libprotobuf-c", "libcjson"};
    Dl_info info;
    if (!dladdr(caller, &info) || !info.dli_fname) return false;
    if (library) return strstr(info.dli_fname, library) != NULL;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++)
        if (strstr(info.dli_fname, libraries[i])) return true;
    return false;
}

static bool fails(const char *name, const void *caller, int error)
{
    if (!chosen || strcmp(chosen, name) != 0 || !on_trial(caller)) return false;
    long number = atomic_fetch_add(&calls, 1) + 1;
    if (number != nth && !(on && number > nth)) return false;
    if (number == nth) syscall(SYS_write, report, "!", 1);
    errno = error;
    return true;
}

#define CALLER __builtin_extract_return_addr(__builtin_return_address(0))
#define REAL(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))
/* type, name, (parameters), (arguments), error, what the failing call returns */
#define FAULTY(type, name, parameters, arguments, error, failed)                                                       \
    type name parameters                                                                                               \
    {                                                                                                                  \
        static _Atomic(__typeof__(&name)) real;                                                                        \
        if (fails(#name, CALLER, error)) return failed;                                                                \
        if (!real) real = REAL(name);                                                                                  \
        return real arguments;                                                                                         \
    }

FAULTY(void *, mmap, (void *a, size_t n, int p, int f, int fd, off_t o), (a, n, p, f, fd, o), ENOMEM, MAP_FAILED)
FAULTY(int, madvise, (void *a, size_t n, int advice), (a, n, advice), EINVAL, -1)
FAULTY(int, epoll_create1, (int flags), (flags), EMFILE, -1)
FAULTY(int, epoll_ctl, (int e, int op, int fd, struct epoll_event *event), (e, op, fd, event), ENOSPC, -1)
FAULTY(int, epoll_wait, (int e, struct epoll_event *events, int n, int ms), (e, events, n, ms), EINTR, -1)
FAULTY(int, eventfd, (unsigned value, int flags), (value, flags), ENFILE, -1)
FAULTY(int, pthread_create, (pthread_t * t, const pthread_attr_t *a, void *(*run)(void *), void *arg), (t, a, run, arg),
       EAGAIN, EAGAIN)
FAULTY(ssize_t, read, (int fd, void *to, size_t n), (fd, to, n), EIO, -1)
FAULTY(ssize_t, readlink, (const char *path, char *to, size_t n), (path, to, n), EACCES, -1)
FAULTY(ssize_t, getrandom, (void *to, size_t n, unsigned flags), (to, n, flags), EAGAIN, -1)
FAULTY(int, clock_gettime, (clockid_t clock, struct timespec *t), (clock, t), EINVAL, -1)
FAULTY(int, poll, (struct pollfd * fds, nfds_t n, int ms), (fds, n, ms), EINTR, -1)
FAULTY(int, socket, (int domain, int type, int protocol), (domain, type, protocol), EMFILE, -1)
FAULTY(int, socketpair, (int domain, int type, int protocol, int fds[2]), (domain, type, protocol, fds), EMFILE, -1)
FAULTY(int, connect, (int fd, __CONST_SOCKADDR_ARG to, socklen_t n), (fd, to, n), ECONNREFUSED, -1)
FAULTY(ssize_t, send, (int fd, const void *from, size_t n, int flags), (fd, from, n, flags), EPIPE, -1)
FAULTY(ssize_t, recv, (int fd, void *to, size_t n, int flags), (fd, to, n, flags), ECONNRESET, -1)
FAULTY(int, setsockopt, (int fd, int level, int name, const void *v, socklen_t n), (fd, level, name, v, n), ENOBUFS, -1)
FAULTY(int, getsockopt, (int fd, int level, int name, void *v, socklen_t *n), (fd, level, name, v, n), ENOBUFS, -1)

/* Not of eight bytes: those ring an eventfd, which cannot fail. */
ssize_t write(int fd, const void *from, size_t n)
{
    return n != 8 && fails("write", CALLER, ENOSPC) ? -1 : REAL(write)(fd, from, n);
}

/* With a mode or an argument at the end, which may be absent; an absent one is passed on as rubbish, as libc does. */
int open(const char *path, int flags, ...)
{
    va_list list;
    va_start(list, flags);
    mode_t mode = va_arg(list, mode_t);
    va_end(list);
    return fails("open", CALLER, EMFILE) ? -1 : REAL(open)(path, flags, mode);
}

int fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    return fails("fcntl", CALLER, EMFILE) ? -1 : REAL(fcntl)(fd, command, argument);
}

/* membarrier alone: nothing else of what goes this way can fail without being asked for. */
long syscall(long number, ...)
{
    long a[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) a[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_membarrier && fails("membarrier", CALLER, ENOSYS)) return -1;
    return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

void *malloc(size_t size)
{
    return fails("malloc", CALLER, ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails("calloc", CALLER, ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *p, size_t size)
{
    return fails("realloc", CALLER, ENOMEM) ? NULL : __libc_realloc(p, size);
}
