/* Location headers: whatever they say, what is trusted is a URL of the same host or the same cloud. */
#include "azure_monitor/src/delivery/redirect.h"
#include <otel/exporters/http.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool within(const char *host, size_t size, const char *suffix)
{
    size_t length = strlen(suffix);
    return size > length && strncasecmp(host + size - length, suffix, length) == 0;
}

/* Worked out again, as simply as can be, for the two endpoints below. */
static void check(const char *from, const char *to, bool is_signed)
{
    bool cloud = strncmp(from, "https", 5) == 0;
    const char *scheme = cloud ? "https://" : "http://";
    if (strncasecmp(to, scheme, strlen(scheme)) != 0) abort();
    const char *host = to + strlen(scheme);
    size_t size = strcspn(host, "/?#"), name = strcspn(host, ":/?#");
    if (memchr(host, '@', size)) abort();
    if (!cloud && !(name == 1 && strncasecmp(host, "h", 1) == 0)) abort();
    if (!cloud && is_signed && size != name && strtoul(host + name + 1, NULL, 10) != 81) abort();
    if (!cloud && is_signed && size == name) abort(); /* port 80 */
    if (cloud && !within(host, name, ".applicationinsights.azure.com") && !within(host, name, ".monitor.azure.com") &&
        !within(host, name, ".services.visualstudio.com"))
        abort();
}

static void try_one(const char *from, otel_str location, bool is_signed)
{
    char out[OTEL__AZURE_URL_BYTES];
    otel__azure_redirect verdict = otel__azure_redirect_to(from, location, is_signed, out, sizeof out);
    if (strlen(out) >= sizeof out) abort();
    if (verdict == OTEL__AZURE_REDIRECT_NOWHERE && *out) abort();
    if (verdict != OTEL__AZURE_REDIRECT_NOWHERE && otel_http_url_fault(out)) abort();
    if (verdict == OTEL__AZURE_REDIRECT_TRUSTED) check(from, out, is_signed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    otel_str location = {(const char *)data, size};
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        try_one("http://h:81/v2.1/track", location, is_signed);
        try_one("https://a-0.in.applicationinsights.azure.com/v2.1/track?x=1", location, is_signed);
    }
    return 0;
}
