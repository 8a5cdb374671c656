/* Detector `container`: the container's id. Not in the SDK, which knows no platforms (Resource SDK, "Resource
 * detectors"). There is no call that tells it: runtimes name the control group after it (cgroup v1), or keep the files
 * they mount over /etc in a directory of that name (cgroup v2, where the process sees its group as "/"). */
#include "container.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 4096, LINES_MAX = 4096 };

static bool is_id(const char *text, size_t size)
{
    return size == OTEL__CONTAINER_ID_SIZE && strspn(text, "0123456789abcdef") >= size;
}

static bool take(const char *text, size_t size, char *id)
{
    if (!is_id(text, size)) return false;
    memcpy(id, text, size);
    id[size] = '\0';
    return true;
}

/* "4:memory:/docker/<id>", "1:name=systemd:/kubepods.slice/…/cri-containerd-<id>.scope" */
bool otel__container_of_cgroup(const char *line, char *id)
{
    const char *slash = strrchr(line, '/');
    if (!slash) return false;
    const char *part = slash + 1, *end = part + strcspn(part, "\n");
    if (end - part > 6 && strncmp(end - 6, ".scope", 6) == 0) end -= 6;
    for (const char *p = part; p < end; p++)
        if (*p == '-' || *p == ':') part = p + 1;
    return take(part, (size_t)(end - part), id);
}

/* Fields are id, parent, device, root, mount point: "…/containers/<id>/hostname" over "/etc/hostname". */
bool otel__container_of_mount(const char *line, char *id)
{
    static const char directory[] = "containers/";
    const char *root = line;
    for (int field = 1; field < 4 && root; field++) root = (root = strchr(root, ' ')) ? root + 1 : NULL;
    const char *root_end = root ? strchr(root, ' ') : NULL;
    if (!root_end || strncmp(root_end, " /etc/", 6) != 0) return false;
    for (const char *p = root; (p = strstr(p, directory)) != NULL && p < root_end;) {
        p += sizeof directory - 1;
        if (take(p, strcspn(p, "/ "), id)) return true;
    }
    return false;
}

static bool search(const char *path, bool (*in_line)(const char *, char *), char *id)
{
    char line[LINE_SIZE];
    bool found = false;
    FILE *file = fopen(path, "re");
    for (int n = 0; file && !found && n < LINES_MAX && fgets(line, sizeof line, file); n++) found = in_line(line, id);
    if (file) fclose(file);
    return found;
}

otel_resource *otel__detect_container(void)
{
    char id[OTEL__CONTAINER_ID_SIZE + 1];
    int saved = errno;
    bool found = search("/proc/self/cgroup", otel__container_of_cgroup, id) ||
                 search("/proc/self/mountinfo", otel__container_of_mount, id);
    errno = saved;
    const otel_attr attribute = OTEL_STR("container.id", found ? id : "");
    return otel_resource_new(&attribute, found, OTEL_SEMCONV_SCHEMA_URL);
}
