/* URLs as the endpoint variables spell them. */
#ifndef OTEL__OTLP_ENDPOINT_H
#define OTEL__OTLP_ENDPOINT_H

/* Both: the URL to post to, to be released; NULL: out of memory. The text is an acceptable URL. */
char *otel__otlp_url_of_base(const char *base); /* v1/logs is appended to its path */
char *otel__otlp_url_of_logs(const char *url);  /* as it is; without a path, the root */
#endif
