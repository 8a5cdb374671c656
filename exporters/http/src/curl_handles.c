/* libcurl's two handles: what they are set to once, for all requests. */
#include "curl_internal.h"

#include <string.h>

enum { KEPT_CONNECTIONS = 2 };
static const long UPLOAD_BYTES = 128 * 1024; /* a full batch in one piece; 64 KiB would be two, and a wait between */

#define SET(option, value) (ok = ok && curl_easy_setopt(easy, option, value) == CURLE_OK)

static bool set_behaviour(const curl_sender *self, CURL *easy)
{
    bool ok = true;
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);      /* a proxy that only tunnels is not told our headers */
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* HTTP/2 of 7.88 loses answers that come early */
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BYTES);
    SET(CURLOPT_CONNECTTIMEOUT_MS, self->connect_timeout_ms);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_KEYPASSWD, "");                              /* or OpenSSL would ask at the terminal, and wait */
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip"); /* not in every build */
    return ok;
}

static bool give_blob(CURL *easy, CURLoption option, const otel__pem *pem)
{
    struct curl_blob blob = {.data = pem->data, .len = pem->size, .flags = CURL_BLOB_COPY};
    return pem->data && curl_easy_setopt(easy, option, &blob) == CURLE_OK;
}

/* From memory; by name when the file could not be read (the connection then says why) or the TLS library only takes
 * names. */
static bool set_certificates(const curl_sender *self, CURL *easy)
{
    bool ok = true;
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    bool blobs = info->ssl_version && strstr(info->ssl_version, "GnuTLS") == NULL;
    if (self->ca.path && !(blobs && give_blob(easy, CURLOPT_CAINFO_BLOB, &self->ca)))
        SET(CURLOPT_CAINFO, self->ca.path);
    if (self->ca.path) SET(CURLOPT_CAPATH, NULL); /* instead of the system's, not beside them */
    if (self->certificate.path && !(blobs && give_blob(easy, CURLOPT_SSLCERT_BLOB, &self->certificate)))
        SET(CURLOPT_SSLCERT, self->certificate.path);
    if (self->key.path && !(blobs && give_blob(easy, CURLOPT_SSLKEY_BLOB, &self->key)))
        SET(CURLOPT_SSLKEY, self->key.path);
    return ok;
}

/* "" and not NULL: NULL would make libcurl look into the environment, at a time when others may be changing it. */
bool otel__curl_set_proxy(const curl_sender *self, const char *url)
{
    bool ok = true;
    CURL *easy = self->easy;
    const char *proxy = otel__proxy_for(self->proxy, url);
    const char *not_for = self->proxy->not_for;
    SET(CURLOPT_PROXY, proxy ? proxy : "");
    SET(CURLOPT_NOPROXY, not_for ? not_for : "");
    return ok;
}

#undef SET

static bool make_easy(curl_sender *self)
{
    if (self->easy) return true;
    CURL *easy = curl_easy_init();
    if (!easy) return false;
    if (otel__curl_set_callbacks(self, easy) && set_behaviour(self, easy) && set_certificates(self, easy)) {
        self->easy = easy;
        return true;
    }
    curl_easy_cleanup(easy);
    return false;
}

static bool make_multi(curl_sender *self)
{
    int held[3];
    if (self->multi) return true;
    otel__streams_occupy(held); /* libcurl opens a pair of sockets for its wake-ups */
    int first = otel__watch_next_number();
    self->multi = curl_multi_init();
    otel__streams_release(held);
    if (!self->multi) return false;
    otel__curl_set_multi_callbacks(self);
    curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
    otel__curl_find_wakers(self, first);
    return true;
}

bool otel__curl_make_handles(curl_sender *self)
{
    return make_multi(self) && make_easy(self);
}

void otel__curl_drop_handles(curl_sender *self)
{
    curl_easy_cleanup(self->easy);
    curl_multi_cleanup(self->multi);
    otel__curl_forget_wakers(self);
    self->easy = NULL;
    self->multi = NULL;
}
