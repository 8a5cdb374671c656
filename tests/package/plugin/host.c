/* Starts an SDK, loads a plug-in, lets it work, unloads it, and goes on. */
#include "plugin.h"
#include <dlfcn.h>
#include <otel/otel.h>
#include <stdio.h>

static otel_logger logger = OTEL_LOGGER_INIT("host", "1.0.0");

static int use_plugin(const char *path)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    const plugin *p = dlsym(handle, "otel_test_plugin");
    if (!p || p->load(otel_provider_global()) != 0) return 1;
    p->work();
    return p->unload() != 0 || dlclose(handle) != 0;
}

int main(int count, char **arguments)
{
    if (count != 2) return 2;
    if (otel_start(&(otel_options){.service_name = "host", .logs_exporter = "console"}) != OTEL_OK) return 1;
    OTEL_LOG_INFO(&logger, "hello from the host");
    if (use_plugin(arguments[1]) || use_plugin(arguments[1])) return 1;
    OTEL_LOG_INFO(&logger, "goodbye from the host");
    return otel_stop(5000) != OTEL_OK;
}
