/* What is said about deliveries, in words without secrets. The SDK says when exporting stops and goes on again, by the
 * words of the call; what it does not see is said here, once each time it begins. */
#ifndef OTEL__AZURE_REPORT_H
#define OTEL__AZURE_REPORT_H
#include "../settings/settings.h"
#include <otel/exporters/http.h>

typedef struct otel__azure_words {
    char text[128];
} otel__azure_words;

typedef struct otel__azure_report {
    const otel__azure_settings *settings; /* borrowed, both */
    const otel_http_client *client;
    otel__azure_words why;     /* why nothing can be sent now */
    otel__azure_words service; /* the words of the last answer, or of an item in it; "" */
    uint64_t refused;          /* records, since something was last accepted as it should be */
    bool said_unclear, said_unreadable;
} otel__azure_report;

/* Overwrites secrets in a text of somebody else. */
void otel__azure_report_hide(const otel__azure_report *report, const char *url, char *text);
/* Keeps what an answer says; what an item's entry says. */
void otel__azure_report_words(otel__azure_report *report, const char *url, const char *words);
void otel__azure_report_read(otel__azure_report *report, const char *url, const otel_http_response *response);
/* Why nothing can be sent now: "HTTP 503: words", and for how long when the service wants that and it is long. words
 * NULL: those of the answer, else advice. */
void otel__azure_report_failed(otel__azure_report *report, uint32_t status, int64_t wait_ns, const char *words);
/* So many records were refused, for the service's words. */
void otel__azure_report_refused(otel__azure_report *report, uint32_t count, uint32_t status);
/* Part of so many records was taken, and it is not clear which. */
void otel__azure_report_unclear(otel__azure_report *report, uint32_t count);
/* HTTP 200 with a body that is not the service's. */
void otel__azure_report_unreadable(otel__azure_report *report);
void otel__azure_report_accepted(otel__azure_report *report);
#endif
