/* A list of request headers of libcurl, as something that a context is written into. */
#ifndef CURL_CARRIER_H
#define CURL_CARRIER_H
#include <otel/propagation.h>

extern const otel_setter curl_setter; /* carrier: struct curl_slist **; the list stays yours */
#endif
