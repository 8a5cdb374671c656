/* A small, fast receiver of logs over HTTP, as OTLP or for Application Insights (/v2.1/track), for benches: one thread,
 * loopback only, counts records. sink [port=4318] [mode=ok|503|silent|full] [ids=1] [down_s=0] port=0 takes a free one;
 * the first line it prints says which. 503: answers that; silent: accepts, reads, never answers; full: a connect never
 * completes. ids=1 also counts distinct and repeated values of the attribute seq. down_s: the port opens so many
 * seconds later. GET /stats answers a line of counters, GET /reset the same and zeroes them; SIGTERM prints that line
 * and ends. */
#include "track.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEQUENCES = 1 << 24, READ_BYTES = 256 << 10, BODY_MAX = 256 << 20, EVENTS = 64 };

typedef struct span {
    const uint8_t *at, *end;
} span;

/* One field of a protobuf message. */
typedef struct field {
    uint32_t number, type;
    uint64_t integer;
    span bytes;
} field;

typedef struct connection {
    int fd;
    bool continued; /* 100 Continue was sent for the request in progress */
    bool track;     /* that is one to Application Insights */
    unsigned long long items;
    size_t length, capacity;
    char *buffer;
} connection;

typedef enum answer_mode { ANSWER_OK, ANSWER_503, ANSWER_SILENT, ANSWER_FULL } answer_mode;

static struct {
    unsigned long long requests, connections, bytes, records, distinct, repeated, compressed, bad;
} counts;
static answer_mode mode;
static uint8_t *seen; /* times each sequence number came; NULL: not asked for */
static volatile sig_atomic_t ending;

static bool read_varint(span *s, uint64_t *out)
{
    uint64_t v = 0;
    for (int shift = 0; s->at < s->end && shift < 64; shift += 7) {
        uint8_t byte = *s->at++;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if (byte & 0x80) continue;
        *out = v;
        return true;
    }
    return false;
}

static bool skip(span *s, uint64_t n)
{
    if (n > (uint64_t)(s->end - s->at)) return false;
    s->at += n;
    return true;
}

/* 1: a field; 0: the end of the message; -1: no protobuf. */
static int next_field(span *s, field *f)
{
    uint64_t tag;
    if (s->at >= s->end) return 0;
    if (!read_varint(s, &tag)) return -1;
    *f = (field){.number = (uint32_t)(tag >> 3), .type = (uint32_t)(tag & 7)};
    switch (f->type) {
    case 0:
        return read_varint(s, &f->integer) ? 1 : -1;
    case 1:
        return skip(s, 8) ? 1 : -1;
    case 5:
        return skip(s, 4) ? 1 : -1;
    case 2:
        if (!read_varint(s, &f->integer)) return -1;
        f->bytes.at = s->at;
        if (!skip(s, f->integer)) return -1;
        f->bytes.end = s->at;
        return 1;
    default:
        return -1;
    }
}

/* The next field of that number that holds a message; bad input is counted and ends the walk. */
static bool next_message(span *s, uint32_t number, span *out)
{
    field f;
    int found;
    while ((found = next_field(s, &f)) > 0) {
        if (f.number != number || f.type != 2) continue;
        *out = f.bytes;
        return true;
    }
    if (found < 0) counts.bad++;
    return false;
}

static void note_sequence(uint64_t v)
{
    if (v >= SEQUENCES) return;
    if (seen[v])
        counts.repeated++;
    else
        counts.distinct++;
    if (seen[v] < UINT8_MAX) seen[v]++;
}

/* KeyValue: key = 1, value = 2; AnyValue.int_value = 3. */
static void note_attribute(span attribute)
{
    span value;
    field f;
    bool is_sequence = false;
    while (next_field(&attribute, &f) > 0) {
        if (f.number == 1 && f.type == 2)
            is_sequence = f.bytes.end - f.bytes.at == 3 && memcmp(f.bytes.at, "seq", 3) == 0;
        if (f.number != 2 || f.type != 2 || !is_sequence) continue;
        value = f.bytes;
        while (next_field(&value, &f) > 0)
            if (f.number == 3 && f.type == 0) note_sequence(f.integer);
    }
}

/* ExportLogsServiceRequest.resource_logs = 1, scope_logs = 2, log_records = 2; LogRecord.attributes = 6. */
static void count_records(span request)
{
    span resource, scope, record, attribute;
    while (next_message(&request, 1, &resource))
        while (next_message(&resource, 2, &scope))
            while (next_message(&scope, 2, &record)) {
                counts.records++;
                while (seen && next_message(&record, 6, &attribute)) note_attribute(attribute);
            }
}

static int print_counts(char *out, size_t room)
{
    return snprintf(out, room,
                    "sink requests=%llu conns=%llu bytes=%llu records=%llu distinct=%llu dups=%llu compressed=%llu "
                    "bad=%llu\n",
                    counts.requests, counts.connections, counts.bytes, counts.records, counts.distinct, counts.repeated,
                    counts.compressed, counts.bad);
}

static void say(const connection *c, const char *text)
{
    if (send(c->fd, text, strlen(text), MSG_NOSIGNAL) < 0) return; /* the peer went away: its next read says so */
}

static void say_counts(const connection *c, bool reset)
{
    char line[256], answer[512];
    int n = print_counts(line, sizeof line);
    if (reset) memset(&counts, 0, sizeof counts);
    if (reset && seen) memset(seen, 0, SEQUENCES);
    snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", n, line);
    say(c, answer);
}

/* The value of a header of a request that begins at `head`; NULL: absent. */
static const char *header(const char *head, size_t length, const char *name)
{
    size_t n = strlen(name);
    const char *end = head + length;
    for (const char *p = memchr(head, '\n', length); p; p = memchr(p, '\n', (size_t)(end - p))) {
        p++;
        if ((size_t)(end - p) <= n || strncasecmp(p, name, n) != 0) continue;
        for (p += n; *p == ' ';) p++;
        return p;
    }
    return NULL;
}

/* Joins the chunks of a body in place. -1: it is not complete yet. */
static long join_chunks(char *body, size_t length, size_t *used)
{
    size_t in = 0, out = 0;
    for (;;) {
        char *newline = memchr(body + in, '\n', length - in);
        if (!newline) return -1;
        size_t n = strtoul(body + in, NULL, 16);
        in = (size_t)(newline - body) + 1;
        if (n > BODY_MAX || length - in < n + 2) return -1;
        memmove(body + out, body + in, n);
        out += n;
        in += n + 2;
        if (n) continue;
        *used = in;
        return (long)out;
    }
}

static void count_body(connection *c, const char *body, size_t size)
{
    if (!c->track) {
        count_records((span){(const uint8_t *)body, (const uint8_t *)body + size});
        return;
    }
    c->items = track_count(body, size, seen ? note_sequence : NULL);
    counts.records += c->items;
}

static void take_body(connection *c, const char *body, size_t size, bool compressed)
{
    char *inflated = NULL;
    counts.bytes += size;
    if (mode != ANSWER_OK) return;
    if (compressed) {
        counts.compressed++;
        inflated = track_inflate(body, size, BODY_MAX, &size);
        if (!inflated) counts.bad++;
        body = inflated;
    }
    if (body) count_body(c, body, size);
    free(inflated);
}

/* Chunked bodies are joined in a copy: they may not be complete yet. */
static bool chunked_body(connection *c, size_t head, bool compressed, size_t *used)
{
    size_t length = c->length - head;
    char *copy = malloc(length + 1);
    if (!copy) return false;
    memcpy(copy, c->buffer + head, length);
    copy[length] = 0;
    long n = join_chunks(copy, length, used);
    if (n >= 0) take_body(c, copy, (size_t)n, compressed);
    free(copy);
    return n >= 0;
}

static bool plain_body(connection *c, size_t head, const char *length, bool compressed, size_t *used)
{
    *used = length ? strtoul(length, NULL, 10) : 0;
    if (*used > BODY_MAX || c->length - head < *used) return false;
    take_body(c, c->buffer + head, *used, compressed);
    return true;
}

static void say_items(const connection *c)
{
    char body[96], answer[256];
    int size = snprintf(body, sizeof body, "{\"itemsReceived\":%llu,\"itemsAccepted\":%llu,\"errors\":[]}", c->items,
                        c->items);
    snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
             size, body);
    say(c, answer);
}

static void answer(const connection *c)
{
    if (mode == ANSWER_SILENT) return;
    counts.requests++;
    if (mode == ANSWER_503)
        say(c, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    else if (c->track)
        say_items(c);
    else
        say(c, "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n");
}

/* One complete request at the front of the buffer: the bytes that it takes; 0: more are needed. */
static size_t take_request(connection *c)
{
    char *end = memmem(c->buffer, c->length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - c->buffer) + 4, body = 0;
    if (strncmp(c->buffer, "GET ", 4) == 0) {
        say_counts(c, strncmp(c->buffer, "GET /reset", 10) == 0);
        return head;
    }
    if (header(c->buffer, head, "expect:") && !c->continued) {
        say(c, "HTTP/1.1 100 Continue\r\n\r\n");
        c->continued = true;
    }
    const char *encoding = header(c->buffer, head, "transfer-encoding:");
    bool compressed = header(c->buffer, head, "content-encoding:") != NULL;
    c->track = memmem(c->buffer, (size_t)((char *)memchr(c->buffer, '\n', head) - c->buffer), "/track ", 7) != NULL;
    bool complete = encoding && strncasecmp(encoding, "chunked", 7) == 0
                        ? chunked_body(c, head, compressed, &body)
                        : plain_body(c, head, header(c->buffer, head, "content-length:"), compressed, &body);
    if (!complete) return 0;
    c->continued = false;
    answer(c);
    return head + body;
}

static void close_connection(connection *c)
{
    close(c->fd);
    free(c->buffer);
    free(c);
}

static bool make_room(connection *c)
{
    if (c->capacity - c->length > READ_BYTES / 4) return true;
    size_t capacity = c->capacity ? c->capacity * 2 : READ_BYTES;
    char *grown = capacity > BODY_MAX ? NULL : realloc(c->buffer, capacity);
    if (!grown) return false;
    c->buffer = grown;
    c->capacity = capacity;
    return true;
}

static void take_requests(connection *c)
{
    size_t used, done = 0, length = c->length;
    connection rest = *c;
    while (done < length) {
        rest.buffer = c->buffer + done;
        rest.length = length - done;
        if ((used = take_request(&rest)) == 0) break;
        done += used;
    }
    c->continued = rest.continued;
    memmove(c->buffer, c->buffer + done, length - done);
    c->length = length - done;
}

/* Reads what is there. The byte behind the end is kept zero, for the text functions. */
static void serve(connection *c)
{
    for (;;) {
        ssize_t n = make_room(c) ? recv(c->fd, c->buffer + c->length, c->capacity - c->length - 1, 0) : 0;
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0) {
            close_connection(c);
            return;
        }
        c->length += (size_t)n;
        c->buffer[c->length] = 0;
        take_requests(c);
    }
}

static void accept_connection(int set, int listener)
{
    int on = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    connection *c = fd < 0 ? NULL : calloc(1, sizeof *c);
    if (!c) {
        if (fd >= 0) close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->fd = fd;
    counts.connections++;
    epoll_ctl(set, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = c});
}

static int serve_all(int listener)
{
    int set = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event events[EVENTS];
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.ptr = NULL});
    while (!ending) {
        int n = epoll_wait(set, events, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr)
                serve(events[i].data.ptr);
            else
                accept_connection(set, listener);
        }
    }
    char line[256];
    print_counts(line, sizeof line);
    fputs(line, stdout);
    return 0;
}

/* Fills the accept queue, so that every further connect goes unanswered. */
static int stay_full(const struct sockaddr_in *address)
{
    for (int i = 0; i < 8; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0) continue; /* stays open till the end */
    }
    while (!ending) pause();
    return 0;
}

static int run(uint16_t port)
{
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, mode == ANSWER_FULL ? 0 : 128) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
        perror("sink");
        return 1;
    }
    printf("listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return mode == ANSWER_FULL ? stay_full(&address) : serve_all(listener);
}

static bool set_mode(const char *name)
{
    static const char *const names[] = {"ok", "503", "silent", "full"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(name, names[i]) != 0) continue;
        mode = (answer_mode)i;
        return true;
    }
    return false;
}

static void on_signal(int number)
{
    (void)number;
    ending = 1;
}

int main(int argc, char **argv)
{
    long port = 4318, down_s = 0, ids = 0;
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        if (strncmp(a, "port=", 5) == 0)
            port = strtol(a + 5, NULL, 10);
        else if (strncmp(a, "ids=", 4) == 0)
            ids = strtol(a + 4, NULL, 10);
        else if (strncmp(a, "down_s=", 7) == 0)
            down_s = strtol(a + 7, NULL, 10);
        else if (strncmp(a, "mode=", 5) != 0 || !set_mode(a + 5)) {
            fprintf(stderr, "sink: unknown argument %s\n", a);
            return 2;
        }
    }
    if (port < 0 || port > UINT16_MAX || (ids && !(seen = calloc(1, SEQUENCES)))) {
        fprintf(stderr, "sink: no such port, or no memory\n");
        return 2;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    if (down_s > 0) sleep((unsigned)down_s);
    return ending ? 0 : run((uint16_t)port);
}
