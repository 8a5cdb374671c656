/* Every parser of the files that detectors read: os-release, machine-id, passwd, cmdline, stat, cgroup, mountinfo. */
#include "container.h"
#include "platform/linux_process.h"
#include "resource/detector.h"
#include <stdlib.h>
#include <string.h>

static void require(bool condition)
{
    if (!condition) abort();
}

static void os_release(const char *text)
{
    static const char *const keys[] = {"NAME", "VERSION_ID", "PRETTY_NAME", "BUILD_ID"};
    for (size_t i = 0; i < 4; i++) {
        char *out = malloc(24); /* exact, so that a write behind it is seen */
        if (otel__os_release_get(text, keys[i], out, 24)) require(*out && strlen(out) < 24);
        free(out);
    }
}

static void passwd(const char *text)
{
    char *out = malloc(9);
    if (otel__passwd_name(text, 1000, out, 9)) require(*out && strlen(out) < 9 && !strpbrk(out, ":\n"));
    free(out);
}

static void arguments(const char *text, size_t size)
{
    const char *found[8];
    size_t n = otel__split_arguments(text, size, found, 8);
    require(n <= 8);
    for (size_t i = 0; i < n; i++) require(found[i] >= text && found[i] + strlen(found[i]) <= text + size);
}

static void machine(const char *text)
{
    char id[33];
    uint64_t ticks;
    if (otel__machine_id(text, id)) require(strlen(id) == 32);
    otel__start_ticks(text, &ticks);
}

static void container(const char *line)
{
    char id[OTEL__CONTAINER_ID_SIZE + 1];
    if (otel__container_of_cgroup(line, id)) require(strlen(id) == 64 && strstr(line, id));
    if (otel__container_of_mount(line, id)) require(strlen(id) == 64 && strstr(line, id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096) return 0;
    char *text = malloc(size); /* exact, so that a read behind it is seen */
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    switch (data[0] % 5) {
    case 0:
        os_release(text);
        break;
    case 1:
        passwd(text);
        break;
    case 2:
        arguments(text, size - 1);
        break;
    case 3:
        machine(text);
        break;
    default:
        container(text);
        break;
    }
    free(text);
    return 0;
}
