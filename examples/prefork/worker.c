/* A worker: takes a connection, reads a line, answers it, logs both. */
#include "worker.h"
#include <otel/log.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

static otel_logger logger = OTEL_LOGGER_INIT("shop.worker", "1.0.0");
static volatile sig_atomic_t leaving;

static void on_term(int number)
{
    (void)number;
    leaving = 1;
}

/* A real server takes the ids from the caller's traceparent header. */
static otel_context new_context(void)
{
    otel_context context = {.span_context = {.flags = OTEL_TRACE_FLAG_SAMPLED}};
    if (getrandom(context.span_context.trace_id, sizeof context.span_context.trace_id, 0) < 0 ||
        getrandom(context.span_context.span_id, sizeof context.span_context.span_id, 0) < 0)
        abort();
    return context;
}

static void reply(int client)
{
    char line[256], text[64];
    ssize_t size = read(client, line, sizeof line);
    size_t length = size > 0 ? (size_t)size : 0;
    if (length && line[length - 1] == '\n') length--;
    OTEL_LOG_INFO(&logger, "request received", OTEL_STRN("request.line", line, length));
    int n = snprintf(text, sizeof text, "hello from %d\n", (int)getpid());
    if (send(client, text, (size_t)n, MSG_NOSIGNAL) != n) OTEL_LOG_WARN(&logger, "the caller did not wait");
    OTEL_LOG_INFO(&logger, "request answered");
}

/* One request at a time: its context is the thread's for that long, and every record inside carries its ids. */
static void serve(int client)
{
    otel_context_token token;
    otel_context context = new_context();
    otel_context_attach(&context, &token);
    reply(client);
    otel_context_detach(&token);
    close(client);
}

void worker_run(int listener)
{
    sigset_t none;
    struct pollfd watched = {.fd = listener, .events = POLLIN};
    sigemptyset(&none);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_term}, NULL);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = SIG_IGN}, NULL); /* the terminal's: the master decides */
    OTEL_LOG_INFO(&logger, "worker ready");
    while (!leaving) {
        if (ppoll(&watched, 1, NULL, &none) != 1) continue; /* the one place where signals arrive */
        int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0) serve(client); /* else another worker was faster */
    }
    OTEL_LOG_INFO(&logger, "worker leaves");
}
