/* Where Azure Arc's agent leaves its keys. */
#include "arc_key.h"

const char *const otel__azure_arc_directory = "/var/opt/azcmagent/tokens";
