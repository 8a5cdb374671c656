/* A logger for each GLib domain. */
#ifndef OTEL__BRIDGE_GLIB_DOMAIN_H
#define OTEL__BRIDGE_GLIB_DOMAIN_H
#include <otel/log.h>

/* The domain's logger, static; NULL: the table is full, or the name is too long for it. Never waits; in any thread and
 * in the child of a fork. */
otel_logger *otel__glib_domain_logger(const char *domain);
#endif
