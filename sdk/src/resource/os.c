/* Detector `os`: what /etc/os-release says. (Semantic conventions, "OS") */
#include "detector.h"
#include "platform/platform.h"
#include <string.h>

/* Unquotes as a shell would, without expanding anything; false: too long, or a quote that nobody closed. */
static bool unquote(const char *text, size_t size, char *out, size_t room)
{
    char quote = size && (*text == '"' || *text == '\'') ? *text : '\0';
    size_t i = quote != '\0', n = 0;
    for (; i < size && text[i] != quote; i++) {
        if (text[i] == '\\' && quote != '\'' && i + 1 < size) i++;
        if (n + 1 >= room) return false;
        out[n++] = text[i];
    }
    out[n] = '\0';
    return (!quote || i < size) && n > 0;
}

bool otel__os_release_get(const char *text, const char *key, char *out, size_t size)
{
    size_t key_size = strlen(key);
    while (*text) {
        size_t n = strcspn(text, "\n");
        if (n > key_size && text[key_size] == '=' && strncmp(text, key, key_size) == 0) {
            const char *value = text + key_size + 1;
            size_t length = n - key_size - 1;
            while (length && (value[length - 1] == ' ' || value[length - 1] == '\r')) length--;
            return unquote(value, length, out, size);
        }
        text += n + (text[n] == '\n');
    }
    return false;
}

otel_resource *otel__detect_os(void)
{
    static const struct {
        const char *attribute, *key;
    } wanted[] = {{"os.name", "NAME"},
                  {"os.version", "VERSION_ID"},
                  {"os.description", "PRETTY_NAME"},
                  {"os.build_id", "BUILD_ID"}};
    char text[4096], values[4][256];
    otel_attr found[5] = {OTEL_STR("os.type", "linux")};
    size_t n = 1;
    bool there = otel__read_file("/etc/os-release", text, sizeof text) ||
                 otel__read_file("/usr/lib/os-release", text, sizeof text);
    for (size_t i = 0; there && i < 4; i++)
        if (otel__os_release_get(text, wanted[i].key, values[i], sizeof values[i]))
            found[n++] = OTEL_STR(wanted[i].attribute, values[i]);
    return otel_resource_new(found, n, OTEL_SEMCONV_SCHEMA_URL);
}
