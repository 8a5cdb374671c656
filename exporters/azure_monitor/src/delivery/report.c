/* What is said about deliveries. */
#include "report.h"

#include "status.h"
#include "track_response.h"

#include <otel/sdk/diag.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SHORTEST = 4 };
static const int64_t MINUTE_NS = 60 * (int64_t)1000000000;

/* In any case, and its beginning where the text was cut in the middle of it. */
static void hide(char *text, const char *secret)
{
    size_t size = strlen(secret), length = strlen(text);
    if (size < SHORTEST) return;
    for (size_t i = 0; i + SHORTEST <= length; i++) {
        size_t left = length - i < size ? length - i : size;
        if (strncasecmp(text + i, secret, left) == 0) memset(text + i, '*', left);
    }
}

void otel__azure_report_hide(const otel__azure_report *report, const char *url, char *text)
{
    otel_http_client_hide(report->client, url, text);
    if (report->settings->token) otel__azure_token_hide(report->settings->token, text);
    hide(text, report->settings->connection.instrumentation_key);
}

void otel__azure_report_words(otel__azure_report *report, const char *url, const char *words)
{
    otel_http_clean_text(words, strlen(words), report->service.text, sizeof report->service.text);
    otel__azure_report_hide(report, url, report->service.text);
}

void otel__azure_report_read(otel__azure_report *report, const char *url, const otel_http_response *response)
{
    char text[256] = "";
    if (!response->status || (response->fault != OTEL_HTTP_FAULT_NONE && !response->body.size))
        snprintf(text, sizeof text, "%s", response->error);
    else if (response->status >= 300)
        otel__azure_track_message(response->body, text, sizeof text);
    otel__azure_report_words(report, url, text);
}

/* "HTTP 429, nothing is sent for 60 minutes: words" */
void otel__azure_report_failed(otel__azure_report *report, uint32_t status, int64_t wait_ns, const char *words)
{
    char head[80] = "", *out = report->why.text;
    if (!words) words = report->service.text[0] ? report->service.text : otel__azure_status_advice(status);
    unsigned minutes = (unsigned)((wait_ns + MINUTE_NS / 2) / MINUTE_NS);
    size_t length = 0;
    if (status) length += (size_t)snprintf(head, sizeof head, "HTTP %u", status);
    if (wait_ns >= MINUTE_NS)
        length += (size_t)snprintf(head + length, sizeof head - length, "%snothing is sent for %u minutes",
                                   length ? ", " : "", minutes);
    if (length && *words) length += (size_t)snprintf(head + length, sizeof head - length, ": ");
    otel_http_clean_text(words, strlen(words), out + length, sizeof report->why.text - length);
    memcpy(out, head, length);
}

void otel__azure_report_refused(otel__azure_report *report, uint32_t count, uint32_t status)
{
    const char *advice = otel__azure_status_advice(status);
    report->refused += count;
    if (report->refused != count) return;
    otel_diag(OTEL_SEVERITY_ERROR, "azure_monitor", "the service refused %u record%s: HTTP %u%s%s%s%s", count,
              count == 1 ? "" : "s", status, *advice ? ": " : "", advice, report->service.text[0] ? ": " : "",
              report->service.text);
}

void otel__azure_report_unclear(otel__azure_report *report, uint32_t count)
{
    if (!report->said_unclear)
        otel_diag(
            OTEL_SEVERITY_WARN, "azure_monitor",
            "the service took part of %u record%s and did not say which (HTTP 206 without what belongs to it): not "
            "sent again",
            count, count == 1 ? "" : "s");
    report->said_unclear = true;
}

void otel__azure_report_unreadable(otel__azure_report *report)
{
    if (!report->said_unreadable)
        otel_diag(
            OTEL_SEVERITY_WARN, "azure_monitor",
            "requests are taken (HTTP 200) with an answer that is not the service's: is it the ingestion endpoint?");
    report->said_unreadable = true;
}

void otel__azure_report_accepted(otel__azure_report *report)
{
    if (report->refused)
        otel_diag(OTEL_SEVERITY_INFO, "azure_monitor", "records are accepted again; refused: %llu",
                  (unsigned long long)report->refused);
    report->refused = 0;
    report->said_unclear = false;
}
