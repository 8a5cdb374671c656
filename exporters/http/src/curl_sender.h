/* The sender that is libcurl. */
#ifndef OTEL__CURL_SENDER_H
#define OTEL__CURL_SENDER_H
#include <otel/exporters/http.h>

/* NULL: not possible, said through diag. */
otel_http_sender *otel__curl_sender_new(const otel_http_options *options, const char *source);
/* Why a libcurl of this version (0x075700 is 7.87.0) cannot be used; NULL: it can. */
const char *otel__curl_version_fault(unsigned version);
#endif
