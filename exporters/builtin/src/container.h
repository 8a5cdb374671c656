/* The id of the container that this process runs in. */
#ifndef OTEL__CONTAINER_H
#define OTEL__CONTAINER_H
#include <otel/sdk/resource.h>

enum { OTEL__CONTAINER_ID_SIZE = 64 };

/* The id in one line of /proc/self/cgroup, and of /proc/self/mountinfo: 65 bytes are written; false: there is none. */
bool otel__container_of_cgroup(const char *line, char *id);
bool otel__container_of_mount(const char *line, char *id);

otel_resource *otel__detect_container(void);
#endif
