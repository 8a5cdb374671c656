/* Scenes of host mode: see host_scene.h. */
#include "host_scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <otel/otel.h>
#include <zlib.h>

#include "certificates.h"
#include "child.h"
#include "http_server.h"
#include "peers.h"

static otel_logger logger = OTEL_LOGGER_INIT("host", "1");
receivers ports;

static unsigned server_that(http_answer answer)
{
    http_server *server = http_server_start(NULL);
    http_server_script(server, &answer, 1);
    return http_server_port(server);
}

static unsigned server_with_tls(void)
{
    char *certificate = certificates_text("server.pem"), *key = certificates_text("server.key");
    return http_server_port(http_server_start(&(http_server_options){.certificate = certificate, .key = key}));
}

/* A short answer that unfolds to 64 megabytes. */
static unsigned server_of_a_bomb(void)
{
    static char packed[1 << 17];
    static unsigned char zeros[1 << 20];
    z_stream stream = {.next_out = (Bytef *)packed, .avail_out = sizeof packed};
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) abort();
    for (int i = 0; i < 64; i++) {
        stream.next_in = zeros;
        stream.avail_in = sizeof zeros;
        deflate(&stream, i == 63 ? Z_FINISH : Z_NO_FLUSH);
    }
    deflateEnd(&stream);
    return server_that((http_answer){
        .headers = {"Content-Encoding", "gzip"}, .body = packed, .body_size = sizeof packed - stream.avail_out});
}

void start_receivers(void)
{
    int pipes[2];
    if (!certificates_directory()) abort();
    pid_t parent = getpid();
    if (pipe(pipes) != 0) abort();
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        ports.silent = peer_silent();
        ports.closed = peer_closed();
        ports.full = peer_full();
        ports.good = server_that((http_answer){.status = 200});
        ports.dribbling = server_that((http_answer){.drip = true});
        ports.endless = server_that((http_answer){.endless = true});
        ports.bomb = server_of_a_bomb();
        ports.tls = server_with_tls();
        ports.slow = peer_slow_relay(ports.good);
        if (write(pipes[1], &ports, sizeof ports) != sizeof ports) _exit(1);
        for (;;) pause();
    }
    if (read(pipes[0], &ports, sizeof ports) != sizeof ports) abort();
    close(pipes[0]);
    close(pipes[1]);
}

int complain(const char *what, long long number)
{
    printf("%s: %lld\n", what, number);
    return WRONG;
}

void set_environment(const scene *s)
{
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "http%s://%s:%u", s->tls ? "s" : "", s->host ? s->host : "127.0.0.1", *s->port);
    child_environment("otlp", endpoint);
    if (s->tls && !s->system_authorities) setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", certificates_path("ca.pem"), 1);
    setenv("OTEL_BLRP_SCHEDULE_DELAY", "5", 1);
    setenv("OTEL_EXPORTER_OTLP_TIMEOUT", s->arrives ? "10000" : "150", 1); /* many attempts begin and end */
    setenv("OTEL_LOG_LEVEL", "off", 1);
    if (s->gzip) setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip", 1);
    if (s->queue) setenv("OTEL_BLRP_MAX_QUEUE_SIZE", s->queue, 1);
    if (s->batch) setenv("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", s->batch, 1);
}

bool start_hosted(void)
{
    return otel_start(&(otel_options){.service_name = "host", .run = OTEL_RUN_HOST}) == OTEL_OK;
}

void log_one(void *text)
{
    OTEL_LOG_INFO(&logger, text, OTEL_INT("number", 7));
}

uint64_t exported(void)
{
    otel_pipeline_books books;
    return otel_provider_pipeline_books(NULL, 0, &books) ? books.exported : 0;
}

int judge(const scene *s, const host_loop *loop, int look_ups)
{
    printf("%s: longest call: %lld us of processor, %lld us with a sleep in it, %lld us in all; %u polls, %d threads\n",
           s->name, (long long)loop->most_cpu_us, (long long)loop->most_waiting_us, (long long)loop->most_wall_us,
           loop->polls, loop->most_threads);
    if (loop->most_threads > 1 + look_ups) return complain("threads", loop->most_threads); /* libcurl's look-ups */
    return loop->most_cpu_us > CALL_MOST_US || loop->most_waiting_us > CALL_MOST_WAITING_US ? LATE : 0;
}

void expect_in_time(int (*body)(void *), scene *s)
{
    for (int attempt = 0;; attempt++) {
        child_end end = child_run(body, s, 100000);
        fputs(end.text, stdout);
        if (end.code != LATE || attempt == 2) {
            child_expect_good(end, s->name);
            return;
        }
        free(end.text);
    }
}
