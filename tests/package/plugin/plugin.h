/* What a host finds in its plug-in, under the name otel_test_plugin. */
#ifndef PLUGIN_H
#define PLUGIN_H
#include <otel/provider.h>

enum { PLUGIN_HEARD_BY_HOST = 0, PLUGIN_HEARD_BY_ITSELF = 1, PLUGIN_FAILED = -1 };

typedef struct plugin {
    int (*load)(otel_provider *host); /* who hears what it logs */
    void (*work)(void);               /* logs one record; any thread */
    int (*unload)(void);              /* 0: nobody of the host is inside any more, and all was heard */
} plugin;
#endif
