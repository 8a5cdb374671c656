/* A service behind others and in front of others: takes the caller's context from the request, logs in it, calls the
 * next service, and hands the context on. usage: http_service PORT [URL of the next service] (port 0: any, it is
 * printed) */
#include "curl_carrier.h"
#include "microhttpd_carrier.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <microhttpd.h>
#include <otel/otel.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static otel_logger logger = OTEL_LOGGER_INIT("shop.http", "1.0.0");

static size_t ignore(char *data, size_t size, size_t count, void *user)
{
    (void)data, (void)user;
    return size * count;
}

/* The call is a span of its own: the next service sees its id as the parent of what it does. */
static long call(const char *url, const otel_context *context)
{
    long status = 0;
    otel_context outgoing = *context;
    struct curl_slist *headers = NULL;
    CURL *curl = curl_easy_init();
    if (!curl) return 0;
    outgoing.span_context = otel_span_context_child(&context->span_context);
    otel_inject(&outgoing, &curl_setter, &headers);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 2000L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return status;
}

/* Whatever logs on this thread meanwhile, in whichever library, is in the request's context. */
static unsigned serve(const char *path, const char *next, struct MHD_Connection *connection)
{
    char room[OTEL_EXTRACT_BYTES];
    otel_extract_memory memory = {.buffer = room, .capacity = sizeof room};
    otel_context context = otel_extract(NULL, &microhttpd_getter, connection, &memory);
    otel_context_token token;
    unsigned status = MHD_HTTP_OK;
    context.span_context = otel_span_context_child(&context.span_context);
    otel_context_attach(&context, &token);
    OTEL_LOG_INFO(&logger, "request received", OTEL_STR("url.path", path));
    const long answer = next ? call(next, &context) : 200;
    if (answer != 200) {
        OTEL_LOG_ERROR(&logger, "the next service failed", OTEL_INT("http.response.status_code", answer));
        status = MHD_HTTP_BAD_GATEWAY;
    }
    OTEL_LOG_INFO(&logger, "request answered", OTEL_INT("http.response.status_code", status));
    otel_context_detach(&token);
    return status;
}

static enum MHD_Result on_request(void *next, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *data, size_t *size, void **state)
{
    static char text[] = "done\n";
    (void)method, (void)version, (void)data;
    if (!*state) { /* the first call for a request: its body, if any, follows */
        *state = text;
        return MHD_YES;
    }
    if (*size) {
        *size = 0;
        return MHD_YES;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(sizeof text - 1, text, MHD_RESPMEM_PERSISTENT);
    const enum MHD_Result result = MHD_queue_response(connection, serve(path, next, connection), response);
    MHD_destroy_response(response);
    return result;
}

static int run(struct MHD_Daemon *daemon)
{
    sigset_t ends;
    int number;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    printf("%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    sigwait(&ends, &number);
    MHD_stop_daemon(daemon);
    return otel_stop(5000) != OTEL_OK;
}

int main(int argc, char **argv)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sigset_t ends;
    if (argc < 2 || argc > 3) {
        fputs("usage: http_service PORT [URL of the next service]\n", stderr);
        return 2;
    }
    address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* for all threads that follow */
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (otel_start(&(otel_options){.service_name = "shop", .logs_exporter = "console"}) != OTEL_OK) return 1;
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, on_request,
                         argc > 2 ? argv[2] : NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_END);
    if (daemon) return run(daemon);
    fputs("http_service: cannot listen\n", stderr);
    otel_stop(0);
    return 1;
}
