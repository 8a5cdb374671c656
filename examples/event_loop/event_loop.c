/* A server in one thread: two hundred requests in flight on one epoll loop, and the export of their logs in the same
 * loop. A request goes on whenever its timer says that the database or the other service has answered. */
#include <dirent.h>
#include <otel/otel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { REQUESTS = 200, EVENTS = 64 };

static otel_logger logger = OTEL_LOGGER_INIT("shop.server", "1.0.0");

/* The thread belongs to no request, so each carries its own context and names it in every record. */
typedef struct request {
    int number, timer, answers;
    otel_context context;
} request;

/* What a server does with the headers of a request: go on with the caller's trace, or begin one. Every second caller of
 * this example has none. */
static otel_context context_of(int number)
{
    char header[80];
    const char *lines[] = {header};
    const otel_header_lines received = {lines, number % 2 ? 1 : 0};
    snprintf(header, sizeof header, "Traceparent: 00-%032x-%016x-01", number, number);
    otel_context context = otel_extract(NULL, &otel_header_lines_getter, &received, NULL);
    context.span_context = otel_span_context_child(&context.span_context);
    return context;
}

/* Work of others: it takes 10 to 200 ms, and nobody waits for it. */
static void ask_others(const request *r)
{
    struct itimerspec soon = {.it_value.tv_nsec = (10 + rand() % 190) * 1000000L};
    timerfd_settime(r->timer, 0, &soon, NULL);
}

static void accept_request(request *r, int number, int loop)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = r};
    *r = (request){.number = number, .context = context_of(number)};
    r->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (r->timer < 0 || epoll_ctl(loop, EPOLL_CTL_ADD, r->timer, &event) != 0) abort();
    OTEL_LOG_INFO(&logger, "request received", OTEL_WITH_CONTEXT(&r->context), OTEL_INT("request", number));
    ask_others(r);
}

/* True when the request is done. */
static bool go_on(request *r)
{
    uint64_t expirations;
    if (read(r->timer, &expirations, sizeof expirations) < 0) return false;
    if (r->answers++ == 0) {
        OTEL_LOG_DEBUG(&logger, "stock known", OTEL_WITH_CONTEXT(&r->context), OTEL_INT("request", r->number));
        ask_others(r);
        return false;
    }
    OTEL_LOG_INFO(&logger, "request answered", OTEL_WITH_CONTEXT(&r->context), OTEL_INT("request", r->number),
                  OTEL_INT("http.response.status_code", 200));
    close(r->timer);
    return true;
}

static int count_threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *entry; tasks && (entry = readdir(tasks));) count += entry->d_name[0] != '.';
    if (tasks) closedir(tasks);
    return count;
}

/* The whole integration: our descriptor is in the set, our timeout bounds the wait, and every round ends with a poll,
 * which costs next to nothing when there is nothing to do. */
static void serve(int loop, int open)
{
    struct epoll_event events[EVENTS];
    struct epoll_event exports = {.events = EPOLLIN, .data.ptr = NULL};
    if (otel_poll_fd(NULL) >= 0) epoll_ctl(loop, EPOLL_CTL_ADD, otel_poll_fd(NULL), &exports);
    while (open) {
        int count = epoll_wait(loop, events, EVENTS, otel_poll_timeout_ms(NULL));
        for (int i = 0; i < count; i++)
            if (events[i].data.ptr && go_on(events[i].data.ptr)) open--;
        otel_poll(NULL);
    }
}

int main(void)
{
    static request requests[REQUESTS];
    otel_books books = {0};
    int loop = epoll_create1(EPOLL_CLOEXEC);
    otel_options options = {.service_name = "shop", .logs_exporter = "console", .run = OTEL_RUN_HOST};
    if (loop < 0 || otel_start(&options) != OTEL_OK) return 1;

    for (int i = 0; i < REQUESTS; i++) accept_request(&requests[i], i, loop);
    serve(loop, REQUESTS);
    int threads = count_threads();

    otel_result result = otel_stop(5000); /* turns the loop itself until all is sent */
    otel_provider_books(NULL, &books);
    printf("%d requests, %llu records, %d thread%s\n", REQUESTS, (unsigned long long)books.delivered, threads,
           threads == 1 ? "" : "s");
    close(loop);
    return result != OTEL_OK;
}
