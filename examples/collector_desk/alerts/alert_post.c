/* The one file that knows libcurl. It runs in a process of its own, which the desk ends when its time is over: so it
 * may wait for whatever it likes. */
#include "alert_post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../buffer.h"

enum { TRIES = 3, PAUSE_SECONDS = 1 };
#define MAX_MESSAGE_BYTES ((size_t)1024 * 1024)

static size_t say_nothing(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static bool read_message(desk_buffer *message)
{
    ssize_t got = 1;
    while (got > 0 && message->size < MAX_MESSAGE_BYTES) {
        char *at = desk_buffer_reserve(message, 4096);
        got = at ? read(STDIN_FILENO, at, 4096) : -1;
        if (got > 0) message->size += (size_t)got;
    }
    return got == 0;
}

/* No redirects: the message goes where the rule says. Whatever the answer's body is, nobody reads it. */
static bool set_options(CURL *easy, const char *url, struct curl_slist *headers, desk_text message)
{
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, url);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)message.size);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, message.at);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, say_nothing);
    return code == CURLE_OK;
}

/* True: taken, or refused in a way that asking again does not change. */
static bool post_once(CURL *easy, long *status)
{
    CURLcode code = curl_easy_perform(easy);
    *status = 0;
    if (code != CURLE_OK) {
        fprintf(stderr, "collector_desk: the webhook of an alert: %s\n", curl_easy_strerror(code));
        return false;
    }
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
    if (*status >= 300) fprintf(stderr, "collector_desk: the webhook of an alert: status %ld\n", *status);
    return *status < 500 && *status != 429 && *status != 408;
}

static bool post(CURL *easy)
{
    long status = 0;
    for (int i = 0; i < TRIES; i++) {
        if (i) sleep(PAUSE_SECONDS);
        if (post_once(easy, &status)) break;
    }
    return status >= 200 && status < 300;
}

static bool post_message(const char *url, desk_text message)
{
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    bool posted = easy && headers && set_options(easy, url, headers, message) && post(easy);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    return posted;
}

int desk_post(void)
{
    const char *url = getenv(DESK_POST_URL);
    desk_buffer message = {0};
    bool posted = url && read_message(&message) && curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
                  post_message(url, desk_buffer_text(&message));
    desk_buffer_release(&message);
    return posted ? EXIT_SUCCESS : EXIT_FAILURE;
}
