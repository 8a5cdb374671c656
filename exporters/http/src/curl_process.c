/* libcurl, once in a process: set up, checked, and kept from being unloaded. */
#include "curl_internal.h"
#include "exit_lock.h"

#include <dlfcn.h>
#include <otel/sdk/diag.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static CURLcode global_result;

/* OpenSSL makes its first random generator under a lock. A fork in the middle of the first handshake would leave that
 * lock held in the child for ever, so it is made here, in the thread that starts us. Other TLS libraries do not have
 * the name. */
static void seed_early(void)
{
    union {
        void *symbol;
        int (*random_bytes)(unsigned char *, int);
    } openssl = {dlsym(RTLD_DEFAULT, "RAND_bytes")};
    unsigned char ignored[8];
    if (openssl.symbol) openssl.random_bytes(ignored, sizeof ignored);
}

static void init_curl(void)
{
    otel__network guard;
    global_result = curl_global_init(CURL_GLOBAL_DEFAULT); /* never cleaned up: others may use it */
    otel__network_ready();
    if (!otel__network_enter(&guard)) return;
    seed_early();
    otel__network_leave(&guard);
}

const char *otel__curl_version_fault(unsigned version)
{
    return version >= OTEL__OLDEST_CURL ? NULL : "it is older than 7.87.0, which hangs with a name server that hangs";
}

bool otel__curl_usable(const char *source)
{
    pthread_once(&once, init_curl);
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    const char *fault = otel__curl_version_fault(info->version_num);
    if (!fault && global_result != CURLE_OK) fault = curl_easy_strerror(global_result);
    if (fault) otel_diag(OTEL_SEVERITY_ERROR, source, "libcurl %s cannot be used: %s", info->version, fault);
    if (!fault && !(info->features & CURL_VERSION_ASYNCHDNS))
        otel_diag(OTEL_SEVERITY_WARN, source,
                  "libcurl %s looks names up synchronously: a slow name server delays exports", info->version);
    return !fault;
}

void otel__curl_pin(void)
{
    static atomic_bool pinned;
    Dl_info info;
    if (atomic_exchange(&pinned, true)) return;
    CURLM *(*function)(void) = curl_multi_init;
    void *symbol;
    memcpy(&symbol, &function, sizeof symbol);
    if (dladdr(symbol, &info) && info.dli_fname) dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}
