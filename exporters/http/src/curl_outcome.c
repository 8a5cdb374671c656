/* How an exchange ended: the fault, and words for it that hold no secret. */
#include "curl_internal.h"

#include <stdio.h>
#include <string.h>

/* libcurl says "unsupported protocol" of an answer that is not HTTP, too. */
static bool answered_otherwise(const curl_sender *self, CURLcode code)
{
    curl_off_t sent = 0;
    curl_easy_getinfo(self->easy, CURLINFO_PRETRANSFER_TIME_T, &sent);
    return code == CURLE_UNSUPPORTED_PROTOCOL && sent > 0;
}

static otel_http_fault fault_of(CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return OTEL_HTTP_FAULT_NONE;
    case CURLE_WRITE_ERROR: /* our callbacks say so when there is too much */
        return OTEL_HTTP_FAULT_TOO_LARGE;
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

/* The file at fault, and what is wrong with it, when that can be seen or said. */
static bool file_words(const curl_sender *self, char *out, size_t size)
{
    bool about_key = strstr(self->error, "private key") != NULL;
    const otel__pem *file = about_key && self->key.path ? &self->key : &self->certificate;
    const char *fault = otel__pem_fault(file);
    if (!file->path) return false;
    if (!fault) fault = about_key ? "the private key does not fit the certificate, or is damaged" : "it is damaged";
    snprintf(out, size, "%.200s cannot be used: %s", file->path, fault);
    return true;
}

/* libcurl's own words only where they are about certificates: elsewhere they may repeat parts of the URL. */
static const char *words_of(const curl_sender *self, CURLcode code, char *out, size_t size)
{
    if (answered_otherwise(self, code)) return "what answers there does not speak HTTP";
    if (code == CURLE_SSL_CERTPROBLEM && file_words(self, out, size)) return out;
    return about_tls(self, code) && self->error[0] ? self->error : curl_easy_strerror(code);
}

/* libcurl 7.88 takes the server's complaint about our certificate for a fault in the server's. */
static bool perhaps_ours_expired(const curl_sender *self, CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION && self->certificate.path &&
           strcmp(self->error, "SSL certificate verification failed") == 0;
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
    else if (perhaps_ours_expired(self, code))
        snprintf(reason, sizeof reason, " (or the client certificate has expired)");
    snprintf(out, size, "%s: %s%s", host, words_of(self, code, fault, sizeof fault), reason);
}

otel_http_fault otel__curl_explain(const curl_sender *self, CURLcode code, char *out, size_t size)
{
    out[0] = '\0';
    if (code == CURLE_WRITE_ERROR)
        snprintf(out, size, "the answer is longer than allowed");
    else if (code != CURLE_OK)
        explain(self, code, out, size);
    return answered_otherwise(self, code) ? OTEL_HTTP_FAULT_CONNECTION : fault_of(code);
}
