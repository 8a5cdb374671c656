/* The service that the W3C's suite for Trace Context talks to: takes a list of calls to make, makes each in a span of
 * its own, and answers when all have been answered. usage: trace_context_service PORT (0: any; the port is printed) */
#include "http_service/curl_carrier.h"
#include "http_service/microhttpd_carrier.h"
#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct request {
    char *body;
    size_t size;
} request;

static size_t ignore(char *data, size_t size, size_t count, void *user)
{
    (void)data, (void)user;
    return size * count;
}

static void post(const char *url, const char *body, const otel_context *context)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    otel_inject(context, &curl_setter, &headers);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 4000L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_perform(curl);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}

/* {"url": ..., "arguments": [...]}, in a span of its own. */
static void make_call(const cJSON *call, const otel_context *received)
{
    const cJSON *url = cJSON_GetObjectItemCaseSensitive(call, "url");
    char *arguments = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(call, "arguments"));
    otel_context context = *received;
    context.span_context = otel_span_context_child(&received->span_context);
    if (cJSON_IsString(url)) post(url->valuestring, arguments ? arguments : "[]", &context);
    free(arguments);
}

static void make_calls(const char *body, struct MHD_Connection *connection)
{
    char room[OTEL_EXTRACT_BYTES];
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    otel_context received = otel_extract(NULL, &microhttpd_getter, connection, &memory);
    received.span_context = otel_span_context_child(&received.span_context); /* of the request itself */
    cJSON *list = cJSON_Parse(body);
    const cJSON *call;
    cJSON_ArrayForEach(call, list) make_call(call, &received);
    cJSON_Delete(list);
}

static enum MHD_Result answer(struct MHD_Connection *connection)
{
    static char text[] = "{}";
    struct MHD_Response *response = MHD_create_response_from_buffer(2, text, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **state)
{
    request *r = *state;
    (void)user, (void)url, (void)method, (void)version;
    if (!r) return (*state = calloc(1, sizeof *r)) ? MHD_YES : MHD_NO;
    if (!*size) {
        make_calls(r->body ? r->body : "[]", connection);
        return answer(connection);
    }
    char *longer = realloc(r->body, r->size + *size + 1);
    if (!longer) return MHD_NO;
    memcpy(longer + r->size, data, *size);
    r->body = longer;
    r->size += *size;
    r->body[r->size] = '\0';
    *size = 0;
    return MHD_YES;
}

static void on_end(void *user, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    request *r = *state;
    (void)user, (void)connection, (void)why;
    if (r) free(r->body);
    free(r);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sigset_t ends;
    int signal_number;
    if (argc != 2) return 2;
    address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    otel_propagators_set_names("tracecontext", NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, on_request, NULL,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
    if (!daemon) return 1;
    printf("%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&ends, &signal_number);
    MHD_stop_daemon(daemon);
    return 0;
}
