/* PEM files: certificates and keys, kept in memory. */
#include "pem.h"

#include <errno.h>
#include <fcntl.h>
#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <string.h>
#include <unistd.h>

enum { MOST_BYTES = 4 * 1024 * 1024 }; /* the system's bundle of authorities is 0.2 MiB */

static void forget(char *data, size_t size)
{
    if (data) explicit_bzero(data, size); /* it may be a private key */
    otel_release(data);
}

/* Grows by copying by hand: realloc would leave pieces of a key behind. */
static char *grow(char *data, size_t used, size_t capacity)
{
    char *larger = capacity <= MOST_BYTES ? otel_allocate(capacity) : NULL;
    if (larger && used) memcpy(larger, data, used);
    forget(data, used);
    if (!larger) errno = capacity <= MOST_BYTES ? ENOMEM : EFBIG;
    return larger;
}

static char *read_all(int fd, size_t *size)
{
    size_t capacity = 8192, used = 0;
    char *data = grow(NULL, 0, capacity);
    while (data) {
        ssize_t n = read(fd, data + used, capacity - used);
        if (n < 0 && errno == EINTR) continue;
        if (n == 0 && used) break;
        if (n <= 0) {
            int why = n < 0 ? errno : ENODATA;
            forget(data, used);
            errno = why;
            return NULL;
        }
        used += (size_t)n;
        if (used == capacity) data = grow(data, used, capacity *= 2);
    }
    *size = used;
    return data;
}

bool otel__pem_refresh(otel__pem *pem)
{
    if (!pem->path) return false;
    int fd = open(pem->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) return false;
    size_t size = 0;
    char *data = read_all(fd, &size);
    int why = errno;
    close(fd);
    errno = why;
    if (!data) return false;
    if (size == pem->size && memcmp(data, pem->data, size) == 0) {
        forget(data, size);
        return false;
    }
    forget(pem->data, pem->size);
    pem->data = data;
    pem->size = size;
    return true;
}

static bool holds(const otel__pem *pem, const char *words)
{
    return memmem(pem->data, pem->size, words, strlen(words)) != NULL;
}

/* An encrypted key is refused: OpenSSL would ask for its password at the terminal, and wait. */
const char *otel__pem_fault(const otel__pem *pem)
{
    if (!pem->path) return NULL;
    if (!pem->data) return "it could not be read";
    if (holds(pem, "BEGIN ENCRYPTED PRIVATE KEY") || holds(pem, "Proc-Type: 4,ENCRYPTED"))
        return "its private key is encrypted, and only keys that are not can be used";
    if (pem->kind == OTEL__PEM_KEY)
        return holds(pem, "PRIVATE KEY-----") ? NULL : "there is no private key in PEM form in it";
    return holds(pem, "CERTIFICATE-----") ? NULL : "there is no certificate in PEM form in it";
}

bool otel__pem_open(otel__pem *pem, otel__pem_kind kind, const char *path, const char *source)
{
    if (!path || !*path) return true;
    size_t length = strlen(path) + 1;
    pem->kind = kind;
    pem->path = otel_allocate(length);
    if (!pem->path) return false;
    memcpy(pem->path, path, length);
    if (!otel__pem_refresh(pem))
        otel_diag(OTEL_SEVERITY_WARN, source, "cannot read %.200s: %s; connections will fail until it can be read",
                  path, strerror(errno));
    else if (otel__pem_fault(pem))
        otel_diag(OTEL_SEVERITY_ERROR, source, "%.200s cannot be used: %s; connections will fail until it is replaced",
                  path, otel__pem_fault(pem));
    return true;
}

void otel__pem_close(otel__pem *pem)
{
    forget(pem->data, pem->size);
    otel_release(pem->path);
    *pem = (otel__pem){0};
}
