/* How requests of ours present themselves. */
#ifndef OTEL__AZURE_USER_AGENT_H
#define OTEL__AZURE_USER_AGENT_H
#include <otel/sdk/sdk.h>

#define OTEL__AZURE_USER_AGENT "OTel-Azure-Monitor-Exporter-C/" OTEL_SDK_VERSION
#endif
