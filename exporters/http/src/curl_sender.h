/* The sender that is libcurl. */
#ifndef OTEL__CURL_SENDER_H
#define OTEL__CURL_SENDER_H
#include "proxy.h"

#include <otel/exporters/http.h>

/* NULL: not possible, said through diag. The proxies are the caller's and outlive the sender. */
otel_http_sender *otel__curl_sender_new(const otel_http_options *options, const otel__proxy *proxy, const char *source);
/* Why a libcurl of this version (0x075700 is 7.87.0) cannot be used; NULL: it can. */
const char *otel__curl_version_fault(unsigned version);
#endif
