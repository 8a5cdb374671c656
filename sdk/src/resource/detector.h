/* Detectors by name: running those that are wanted. */
#ifndef OTEL__DETECTOR_H
#define OTEL__DETECTOR_H
#include <otel/sdk/resource.h>

/* What was found, NULL when memory ran out: by all, by those that look at this process alone; a bit for each that was
 * asked. */
typedef struct otel__detected {
    otel_resource *all, *own;
    uint32_t asked;
} otel__detected;

/* By the detectors of a list ("all", "host,os"; NULL: the default ones), merged in that order. */
otel__detected otel__detect(const char *names);
/* By those among `asked` that look at this process alone. */
otel__detected otel__detect_again(uint32_t asked);

/* The SDK's own detectors. */
otel_resource *otel__detect_host(void);
otel_resource *otel__detect_os(void);
otel_resource *otel__detect_process(void);
otel_resource *otel__detect_process_command(void);
otel_resource *otel__detect_service(void);

/* The parsers of what they read, each of NUL-terminated text. */
/* The value of KEY=value in the text of /etc/os-release, unquoted. */
bool otel__os_release_get(const char *text, const char *key, char *out, size_t size);
/* The 32 hexadecimal digits of /etc/machine-id; false: it is none, or not initialized. */
bool otel__machine_id(const char *text, char out[33]);
/* The name of user `id` in the text of /etc/passwd. */
bool otel__passwd_name(const char *text, int64_t id, char *out, size_t size);
/* Splits /proc/self/cmdline, which has size bytes; returns how many arguments there are, at most `most`. */
size_t otel__split_arguments(const char *text, size_t size, const char **arguments, size_t most);
#endif
