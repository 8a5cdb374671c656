/* How an exchange ended: the fault, and words for it that hold no secret. */
#include "curl_internal.h"

#include <stdio.h>
#include <string.h>

static otel_http_fault fault_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return OTEL_HTTP_FAULT_NONE;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return OTEL_HTTP_FAULT_REQUEST;
    default:
        return OTEL_HTTP_FAULT_CONNECTION;
    }
}

static bool about_tls(const curl_sender *self, CURLcode code)
{
    return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
           code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CIPHER || strncmp(self->error, "OpenSSL ", 8) == 0 ||
           strncmp(self->error, "GnuTLS ", 7) == 0;
}

/* The file at fault, when that can be seen; else libcurl's own words, but only where they are about certificates:
 * elsewhere they may repeat parts of the URL. */
static const char *words_of(const curl_sender *self, CURLcode code, char *out, size_t size)
{
    const otel__pem *files[] = {&self->certificate, &self->key};
    for (size_t i = 0; i < 2 && code == CURLE_SSL_CERTPROBLEM; i++) {
        const char *fault = otel__pem_fault(files[i]);
        if (!fault) continue;
        snprintf(out, size, "%.200s cannot be used: %s", files[i]->path, fault);
        return out;
    }
    return about_tls(self, code) && self->error[0] ? self->error : curl_easy_strerror(code);
}

/* With TLS 1.3 a server judges the client's certificate when the client takes the handshake for done, and some only
 * hang up. */
static bool hung_up_after_handshake(const curl_sender *self, CURLcode code)
{
    curl_off_t handshake = 0;
    long connects = 0;
    bool broke = code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING;
    curl_easy_getinfo(self->easy, CURLINFO_APPCONNECT_TIME_T, &handshake);
    curl_easy_getinfo(self->easy, CURLINFO_NUM_CONNECTS, &connects);
    return broke && handshake > 0 && connects > 0;
}

static void explain(const curl_sender *self, CURLcode code, char *out, size_t size)
{
    char host[200], fault[320], reason[128] = "";
    long system = 0, proxy = 0;
    curl_easy_getinfo(self->easy, CURLINFO_OS_ERRNO, &system);
    curl_easy_getinfo(self->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
    otel_http_url_text(self->exchange->url, host, sizeof host);
    if (proxy >= 300)
        snprintf(reason, sizeof reason, " (the proxy answered %ld)", proxy);
    else if (code == CURLE_COULDNT_CONNECT && system)
        snprintf(reason, sizeof reason, " (%s)", strerror((int)system));
    else if (hung_up_after_handshake(self, code))
        snprintf(reason, sizeof reason, " (right after the handshake: it may demand another client certificate)");
    snprintf(out, size, "%s: %s%s", host, words_of(self, code, fault, sizeof fault), reason);
}

otel_http_fault otel__curl_explain(const curl_sender *self, CURLcode code, char *out, size_t size)
{
    out[0] = '\0';
    if (code == CURLE_WRITE_ERROR)
        snprintf(out, size, "the answer is longer than allowed");
    else if (code != CURLE_OK)
        explain(self, code, out, size);
    return fault_of(code);
}
