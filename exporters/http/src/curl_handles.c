/* libcurl's two handles: what they are set to once, for all requests. */
#include "curl_internal.h"

#include <string.h>
#include <unistd.h>

enum { KEPT_CONNECTIONS = 2 };
enum { ANSWER_BYTES = 4096 }; /* libcurl reads a hundred of them at a time: answers are short, and so are our turns */
enum { UPLOAD_BYTES = 128 * 1024 }; /* a full batch in one piece; 64 KiB would be two, and a wait between */

static bool set_behaviour(const curl_sender *self, CURL *easy)
{
    static const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_QUICK_EXIT, 1},
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
        {CURLOPT_HEADEROPT, CURLHEADER_SEPARATE},      /* a proxy that only tunnels is not told our headers */
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1}, /* HTTP/2 of 7.88 loses answers that come early */
        {CURLOPT_TCP_KEEPALIVE, 1},
        {CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_BYTES},
        {CURLOPT_BUFFERSIZE, ANSWER_BYTES},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
    };
    bool ok = true;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ok = ok && curl_easy_setopt(easy, numbers[i].option, numbers[i].value) == CURLE_OK;
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip"); /* not in every build */
    /* Without a password OpenSSL would ask at the terminal, and wait. */
    return ok && curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, self->connect_timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "") == CURLE_OK;
}

static bool give_blob(CURL *easy, CURLoption option, const otel__pem *pem)
{
    struct curl_blob blob = {.data = pem->data, .len = pem->size, .flags = CURL_BLOB_COPY};
    return pem->data && curl_easy_setopt(easy, option, &blob) == CURLE_OK;
}

/* The system's authorities: their file alone where there is one. With a directory besides, libcurl 7.88 does not keep
 * what it has read, and reads the whole file again for each connection: twenty milliseconds of a thread that may be a
 * host's. Systems keep both alike. */
static bool authorities_in_a_file(const curl_version_info_data *info)
{
    return info->cainfo && access(info->cainfo, R_OK) == 0;
}

/* From memory; by name when the file could not be read (the connection then says why) or the TLS library only takes
 * names. */
static bool set_certificates(const curl_sender *self, CURL *easy)
{
    const struct {
        const otel__pem *pem;
        CURLoption blob, name;
    } files[] = {{&self->ca, CURLOPT_CAINFO_BLOB, CURLOPT_CAINFO},
                 {&self->certificate, CURLOPT_SSLCERT_BLOB, CURLOPT_SSLCERT},
                 {&self->key, CURLOPT_SSLKEY_BLOB, CURLOPT_SSLKEY}};
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    bool ok = true, blobs = info->ssl_version && strstr(info->ssl_version, "GnuTLS") == NULL;
    for (size_t i = 0; i < 3; i++) {
        if (!files[i].pem->path || (blobs && give_blob(easy, files[i].blob, files[i].pem))) continue;
        ok = ok && curl_easy_setopt(easy, files[i].name, files[i].pem->path) == CURLE_OK;
    }
    bool directory_too = !self->ca.path && !authorities_in_a_file(info); /* ours: instead of the system's, not beside */
    return ok && (directory_too || curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK);
}

/* "" and not NULL: NULL would make libcurl look into the environment, at a time when others may be changing it. */
bool otel__curl_set_proxy(const curl_sender *self, const char *url)
{
    const char *proxy = otel__proxy_for(self->proxy, url);
    const char *not_for = self->proxy->not_for;
    return curl_easy_setopt(self->easy, CURLOPT_PROXY, proxy ? proxy : "") == CURLE_OK &&
           curl_easy_setopt(self->easy, CURLOPT_NOPROXY, not_for ? not_for : "") == CURLE_OK;
}

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
