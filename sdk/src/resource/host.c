/* Detector `host`: the machine's name, its id, its architecture. (Semantic conventions, "Host") */
#include "detector.h"
#include "platform/platform.h"
#include <string.h>

enum { ID_SIZE = 32 };

bool otel__machine_id(const char *text, char out[33])
{
    size_t size = strspn(text, "0123456789abcdefABCDEF");
    if (size != ID_SIZE || text[ID_SIZE + strspn(text + ID_SIZE, " \r\n")] || strspn(text, "0") == ID_SIZE)
        return false;
    memcpy(out, text, ID_SIZE);
    out[ID_SIZE] = '\0';
    return true;
}

static bool read_machine_id(const char *path, char out[33])
{
    char text[64];
    return otel__read_file(path, text, sizeof text) && otel__machine_id(text, out);
}

/* The name that the conventions have for what uname calls a machine; others as they are. */
static const char *architecture(const char *machine)
{
    static const char *const names[][2] = {{"x86_64", "amd64"}, {"aarch64", "arm64"}, {"ppc64le", "ppc64"},
                                           {"ppc", "ppc32"},    {"i386", "x86"},      {"i486", "x86"},
                                           {"i586", "x86"},     {"i686", "x86"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(machine, names[i][0]) == 0) return names[i][1];
    return strncmp(machine, "arm", 3) == 0 && strncmp(machine, "arm64", 5) != 0 ? "arm32" : machine;
}

otel_resource *otel__detect_host(void)
{
    char name[256], machine[65], id[ID_SIZE + 1];
    otel_attr found[3];
    size_t n = 0;
    if (otel__host_name(name, sizeof name)) found[n++] = OTEL_STR("host.name", name);
    if (read_machine_id("/etc/machine-id", id) || read_machine_id("/var/lib/dbus/machine-id", id))
        found[n++] = OTEL_STR("host.id", id);
    if (otel__machine_name(machine, sizeof machine)) found[n++] = OTEL_STR("host.arch", architecture(machine));
    return otel_resource_new(found, n, OTEL_SEMCONV_SCHEMA_URL);
}
