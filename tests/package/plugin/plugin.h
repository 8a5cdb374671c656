/* What a host finds in its plug-in. */
#ifndef PLUGIN_H
#define PLUGIN_H
#include <otel/provider.h>

typedef struct plugin {
    int (*load)(otel_provider *host); /* 0: handed over, or not needed */
    void (*work)(void);
    int (*unload)(void); /* 0: nobody of the host is inside any more */
} plugin;
#endif
