/* The headers variable (OTLP Exporter, "Specifying headers via environment variables"). */
#include "header_list.h"

#include <otel/sdk/allocator.h>
#include <otel/sdk/diag.h>
#include <otel/sdk/environment.h>
#include <string.h>

enum { MOST_BYTES = 64 * 1024 };

/* Ours to decide: another value would break the request. */
static bool reserved(const char *name)
{
    static const char *const names[] = {"content-type",      "content-encoding", "content-length", "connection",
                                        "transfer-encoding", "expect",           "user-agent"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = 0;
        while (names[i][n] && (name[n] | 0x20) == (names[i][n] | 0x20)) n++;
        if (!names[i][n] && !name[n]) return true;
    }
    return false;
}

static const char *fault_of(int32_t found, const otel__otlp_headers *headers, const otel_http_header *header)
{
    if (found < 0) return "is not name=value";
    if (!otel_http_header_ok(header)) return "has a character that HTTP does not allow";
    if (reserved(header->name)) return "names a header that the exporter sets itself";
    return headers->count == OTEL__OTLP_MAX_HEADERS ? "is one too many" : NULL;
}

bool otel__otlp_headers_read(otel__otlp_headers *headers, const char *text, const char *name)
{
    size_t size = strlen(text) + 1;
    if (size > MOST_BYTES) {
        otel_diag(OTEL_SEVERITY_WARN, "otlp", "%s is longer than 64 KiB and is not used", name);
        return true;
    }
    headers->text = otel_allocate(size);
    if (!headers->text) return false;
    headers->text_size = size;
    memcpy(headers->text, text, size);
    char *at = headers->text, *key = NULL, *value = NULL;
    int32_t found;
    for (uint32_t nth = 1; (found = otel_env_list_next(&at, &key, &value, false)) != 0; nth++) {
        otel_http_header header = {key, value};
        const char *fault = fault_of(found, headers, &header);
        if (fault)
            otel_diag(OTEL_SEVERITY_WARN, "otlp", "entry %u of %s %s: it is left out", nth, name, fault);
        else
            headers->list[headers->count++] = header;
    }
    return true;
}

void otel__otlp_headers_release(otel__otlp_headers *headers)
{
    if (headers->text) explicit_bzero(headers->text, headers->text_size);
    otel_release(headers->text);
    headers->text = NULL;
    headers->count = 0;
}
