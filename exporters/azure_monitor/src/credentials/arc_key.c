/* Azure Arc's proof: the challenge comes from whoever listens at the endpoint,
 * so its file is not just any. */
#include "arc_key.h"

#include "secret_file.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BEGIN "Basic realm="
#define END ".key"
enum { PATH_BYTES = 512, KEY_BYTES = 4096 };

static bool good_path(const char *path)
{
    size_t directory = strlen(otel__azure_arc_directory), size = strlen(path), end = sizeof END - 1;
    if (strncmp(path, otel__azure_arc_directory, directory) != 0 || path[directory] != '/') return false;
    const char *name = path + directory + 1;
    return !strchr(name, '/') && size - directory - 1 > end && strcmp(path + size - end, END) == 0;
}

static bool read_path(otel_str challenge, char *path)
{
    size_t begin = sizeof BEGIN - 1;
    if (challenge.size <= begin || strncasecmp(challenge.data, BEGIN, begin) != 0) return false;
    const char *at = challenge.data + begin;
    size_t size = challenge.size - begin;
    if (size >= 2 && at[0] == '"' && at[size - 1] == '"') at++, size -= 2;
    if (size >= PATH_BYTES || memchr(at, '\0', size)) return false;
    memcpy(path, at, size);
    path[size] = '\0';
    return true;
}

const char *otel__azure_arc_answer(otel_str challenge, char *out, size_t size)
{
    char path[PATH_BYTES], key[KEY_BYTES + 1];
    if (!read_path(challenge, path)) return "Azure Arc's challenge is not understood";
    if (!good_path(path)) return "Azure Arc's challenge names a file that is none of its own";
    const char *fault = otel__azure_secret_file_read(path, 0, key, sizeof key);
    if (!fault && (size_t)snprintf(out, size, "Basic %s", key) >= size) fault = "it is too long";
    explicit_bzero(key, sizeof key);
    return fault;
}
