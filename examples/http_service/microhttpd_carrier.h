/* A request that libmicrohttpd has received, as something that a context is read from. */
#ifndef MICROHTTPD_CARRIER_H
#define MICROHTTPD_CARRIER_H
#include <otel/propagation.h>

extern const otel_getter microhttpd_getter; /* carrier: struct MHD_Connection * */
#endif
