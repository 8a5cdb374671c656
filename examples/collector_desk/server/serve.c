/* One thread and one loop: requests, answers that are held back, and the signal to stop. */
#include "serve.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "http.h"
#include "listener.h"

enum { FAREWELL_MS = 300 };

/* SIGTERM and SIGINT become readable here, and SIGCHLD. SIGPIPE and SIGXFSZ must not kill: writes report those
 * troubles. */
static int open_signals(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGCHLD);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int shorter(int a, int b)
{
    if (a < 0) return b;
    return b < 0 || a < b ? a : b;
}

static int timeout_ms(struct MHD_Daemon *daemon, const desk_http *http)
{
    MHD_UNSIGNED_LONG_LONG wait;
    uint64_t now = desk_now_ms();
    int own = shorter(desk_holding_timeout_ms(&http->holding, now), desk_tail_timeout_ms(&http->site.tail, now));
    own = shorter(own, desk_seats_timeout_ms(&http->seats));
    own = shorter(own, desk_alerts_timeout_ms(http->site.alerts, now));
    own = shorter(own, desk_retention_timeout_ms(&http->retention, now));
    if (MHD_get_timeout(daemon, &wait) != MHD_YES) return own;
    return shorter(wait > 60000 ? 60000 : (int)wait, own);
}

static int poll_socket(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

/* A process of ours that ends only wakes the loop. */
static bool told_to_stop(int signals)
{
    struct signalfd_siginfo info;
    bool stop = false;
    while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) stop = stop || info.ssi_signo != SIGCHLD;
    return stop;
}

static void loop(struct MHD_Daemon *daemon, desk_http *http, int signals)
{
    struct pollfd watched[] = {{signals, POLLIN, 0}, {poll_socket(daemon), POLLIN, 0}};
    while (!told_to_stop(signals)) {
        poll(watched, 2, timeout_ms(daemon, http));
        desk_holding_look(&http->holding, desk_now_ms());
        desk_tail_look(&http->site.tail, desk_now_ms());
        desk_seats_look(&http->seats, desk_now_ms());
        MHD_run(daemon);
        desk_alerts_look(http->site.alerts, desk_now_ms());
        desk_retention_look(&http->retention, desk_now_ms());
    }
}

/* No new connection; the answers that were held back are given, for their records are stored. */
static void say_farewell(struct MHD_Daemon *daemon, desk_http *http)
{
    MHD_socket listen_socket = MHD_quiesce_daemon(daemon);
    if (listen_socket != MHD_INVALID_SOCKET) close(listen_socket);
    if (!http->holding.first && !http->site.tail.first) return;
    desk_tail_end(&http->site.tail);
    desk_holding_end(&http->holding);
    struct pollfd watched = {poll_socket(daemon), POLLIN, 0};
    for (uint64_t now = desk_now_ms(), end = now + FAREWELL_MS; now < end; now = desk_now_ms()) {
        MHD_run(daemon);
        poll(&watched, 1, shorter(timeout_ms(daemon, http), (int)(end - now)));
    }
}

static void warn_of_strangers(const desk_token *token, const char *url)
{
    bool is_for_us = strncmp(url, "http://127.", 11) == 0 || strncmp(url, "http://[::1]:", 13) == 0;
    if (is_for_us || *token->text) return;
    fprintf(stderr, "collector_desk: whoever reaches %s may ask and send: --token lets in who knows it\n", url);
}

static bool run(desk_http *http, const char *address)
{
    char url[128];
    int signals = open_signals();
    int listen_socket = signals < 0 ? -1 : desk_listen(address, url, sizeof url);
    if (listen_socket < 0) return false;
    struct MHD_Daemon *daemon = desk_http_start(http, listen_socket);
    if (!daemon) {
        fprintf(stderr, "collector_desk: the HTTP server does not start\n");
        close(listen_socket);
        return false;
    }
    desk_token_name_cookie(&http->site.door.token, url);
    warn_of_strangers(&http->site.door.token, url);
    printf("listening on %s\n", url);
    fflush(stdout);
    loop(daemon, http, signals);
    say_farewell(daemon, http);
    MHD_stop_daemon(daemon);
    close(signals);
    return true;
}

static bool serve(desk_http *http, desk_store *store)
{
    const desk_serve_options *options = http->options;
    desk_alerts *alerts = options->alerts ? desk_alerts_new(options->alerts, options->database) : NULL;
    http->site.alerts = alerts;
    http->intake = desk_intake_new(store, &options->rules);
    bool ready = http->intake && (alerts || !options->alerts);
    bool served = ready && run(http, options->listen);
    desk_alerts_destroy(alerts);
    desk_intake_destroy(http->intake);
    return served;
}

int desk_serve(const desk_serve_options *options)
{
    desk_failure failure = {0};
    desk_store *store = desk_store_new(options->database, options->keep_bytes, &failure);
    if (!store) {
        fprintf(stderr, "collector_desk: cannot open the database %s: %s\n", options->database, failure.reason);
        return EXIT_FAILURE;
    }
    desk_http http = {.options = options,
                      .orders = options->orders,
                      .retention = {.store = store, .options = options},
                      .site = {.options = options, .door = {.options = options}, .tail = {.path = options->database}}};
    bool served = desk_token_read(&http.site.door.token, options->token_file) && serve(&http, store);
    desk_store_destroy(store);
    return served ? EXIT_SUCCESS : EXIT_FAILURE;
}
