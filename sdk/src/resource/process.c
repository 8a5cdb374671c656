/* Detectors `process` and `process_command`: this process. The command line is apart, and runs only when it is named:
 * people put passwords there. (Semantic conventions, "Process") */
#include "detector.h"
#include "platform/platform.h"
#include <otel/sdk/allocator.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATH_SIZE = 4096, NAME_SIZE = 256, COMMAND_SIZE = 4096, ARGUMENTS_MAX = 128, PASSWD_SIZE = 65536 };

bool otel__passwd_name(const char *text, int64_t id, char *out, size_t size)
{
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        size_t name = strcspn(text, ":\n"), password = name < n ? strcspn(text + name + 1, ":\n") : 0;
        const char *number = text + name + 1 + password + 1;
        if (name == 0 || name >= size || number >= text + n || *number < '0' || *number > '9') continue;
        char *end;
        if (strtoll(number, &end, 10) != id || *end != ':') continue;
        memcpy(out, text, name);
        out[name] = '\0';
        return true;
    }
    return false;
}

/* The file itself and not getpwuid: that may ask a directory server, and wait for it. */
static bool owner_name(char *out, size_t size)
{
    char *text = otel_allocate(PASSWD_SIZE);
    bool found = text && otel__read_file("/etc/passwd", text, PASSWD_SIZE) &&
                 otel__passwd_name(text, otel__user_id(), out, size);
    otel_release(text);
    return found;
}

static bool creation_time(char *out, size_t size)
{
    uint64_t ns;
    struct tm t;
    if (!otel__process_start_ns(&ns)) return false;
    time_t seconds = (time_t)(ns / 1000000000);
    if (!gmtime_r(&seconds, &t)) return false;
    size_t n = strftime(out, size, "%Y-%m-%dT%H:%M:%S", &t);
    return n && snprintf(out + n, size - n, ".%03uZ", (unsigned)(ns / 1000000 % 1000)) < (int)(size - n);
}

/* "glibc 2.36" */
static size_t runtime(char *name, otel_attr *found)
{
    char *space = otel__c_library(name, NAME_SIZE) ? strchr(name, ' ') : NULL;
    if (!space) return 0;
    *space = '\0';
    found[0] = OTEL_STR("process.runtime.name", name);
    found[1] = OTEL_STR("process.runtime.version", space + 1);
    return 2;
}

otel_resource *otel__detect_process(void)
{
    char path[PATH_SIZE], owner[NAME_SIZE], since[40], library[NAME_SIZE];
    otel_attr found[9] = {OTEL_INT("process.pid", otel__process_id()),
                          OTEL_INT("process.parent_pid", otel__parent_process_id())};
    size_t n = 2;
    if (otel__executable_path(path, sizeof path)) {
        const char *slash = strrchr(path, '/');
        found[n++] = OTEL_STR("process.executable.path", path);
        found[n++] = OTEL_STR("process.executable.name", slash ? slash + 1 : path);
    }
    if (owner_name(owner, sizeof owner)) found[n++] = OTEL_STR("process.owner", owner);
    if (creation_time(since, sizeof since)) found[n++] = OTEL_STR("process.creation.time", since);
    n += runtime(library, &found[n]);
    return otel_resource_new(found, n, OTEL_SEMCONV_SCHEMA_URL);
}

size_t otel__split_arguments(const char *text, size_t size, const char **arguments, size_t most)
{
    size_t count = 0;
    for (size_t at = 0; at < size && count < most; at += strlen(text + at) + 1) arguments[count++] = text + at;
    return count;
}

otel_resource *otel__detect_process_command(void)
{
    char text[COMMAND_SIZE];
    const char *arguments[ARGUMENTS_MAX];
    size_t size = otel__read_file("/proc/self/cmdline", text, sizeof text);
    size_t count = otel__split_arguments(text, size, arguments, ARGUMENTS_MAX);
    const otel_attr found[] = {OTEL_STR("process.command", count ? arguments[0] : ""),
                               OTEL_STRS("process.command_args", arguments, count)};
    return otel_resource_new(found, count ? 2 : 0, OTEL_SEMCONV_SCHEMA_URL);
}
