/* A step as a process of its own, in an environment of its own. */
#include "child.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The new string stands first, where environment_free finds it. */
char **environment_with(char *const base[], const char *name, const char *value)
{
    const size_t name_size = strlen(name);
    size_t count = 0, kept = 1;

    while (base[count]) count++;
    char **list = calloc(count + 2, sizeof *list);
    if (!list || asprintf(&list[0], "%s=%s", name, value) < 0) {
        free(list);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const bool same = strncmp(base[i], list[0], name_size + 1) == 0;
        if (!same) list[kept++] = base[i];
    }
    return list;
}

void environment_free(char **environment)
{
    if (environment) free(environment[0]);
    free(environment);
}

static int path_beside_us(char *path, size_t size, const char *name)
{
    ssize_t used = readlink("/proc/self/exe", path, size - 1);

    if (used < 0) return -1;
    path[used] = '\0';
    char *slash = strrchr(path, '/');
    size_t room = size - (size_t)(slash + 1 - path);
    if ((size_t)snprintf(slash + 1, room, "%s", name) < room) return 0;
    errno = ENAMETOOLONG;
    return -1;
}

int child_run(const char *name, char *arguments[], char *const environment[])
{
    char path[PATH_MAX];
    pid_t child;
    int status;

    if (path_beside_us(path, sizeof path, name) != 0) return -1;
    arguments[0] = path;
    errno = posix_spawn(&child, path, NULL, NULL, arguments, environment);
    if (errno != 0) return -1;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return status;
}
