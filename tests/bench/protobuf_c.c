/* The bench's record the way protobuf-c wants it: a tree on the heap that holds copies of the strings, as whatever
 * queues it needs, sized, packed, and freed. */
#include "protobuf_c.h"
#include "logs.pb-c.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ATTRIBUTES = 4, ROOM = 1024 };

static void *node(const ProtobufCMessageDescriptor *kind)
{
    ProtobufCMessage *message = malloc(kind->sizeof_message);
    if (!message) abort();
    protobuf_c_message_init(kind, message);
    return message;
}

static Otel__Wire__AnyValue *text(const char *string)
{
    Otel__Wire__AnyValue *value = node(&otel__wire__any_value__descriptor);
    value->value_case = OTEL__WIRE__ANY_VALUE__VALUE_STRING_VALUE;
    value->string_value = strdup(string);
    return value;
}

static Otel__Wire__AnyValue *integer(int64_t number)
{
    Otel__Wire__AnyValue *value = node(&otel__wire__any_value__descriptor);
    value->value_case = OTEL__WIRE__ANY_VALUE__VALUE_INT_VALUE;
    value->int_value = number;
    return value;
}

static Otel__Wire__AnyValue *truth(int is)
{
    Otel__Wire__AnyValue *value = node(&otel__wire__any_value__descriptor);
    value->value_case = OTEL__WIRE__ANY_VALUE__VALUE_BOOL_VALUE;
    value->bool_value = is;
    return value;
}

static Otel__Wire__KeyValue *attribute(const char *key, Otel__Wire__AnyValue *value)
{
    Otel__Wire__KeyValue *pair = node(&otel__wire__key_value__descriptor);
    pair->key = strdup(key);
    pair->value = value;
    return pair;
}

static Otel__Wire__LogRecord *build(int64_t sequence)
{
    static const char *volatile line = "GET /api/v1/orders/12345 finished without errors";
    static const char *volatile route = "/api/v1/orders/x", *volatile user = "alice.wonderland";
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    Otel__Wire__LogRecord *record = node(&otel__wire__log_record__descriptor);
    record->time_unix_nano = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    record->observed_time_unix_nano = record->time_unix_nano;
    record->severity_number = 9;
    record->severity_text = strdup("INFO");
    record->body = text(line);
    record->n_attributes = ATTRIBUTES;
    record->attributes = malloc(sizeof(Otel__Wire__KeyValue *[ATTRIBUTES]));
    if (!record->attributes) abort();
    record->attributes[0] = attribute("http.route", text(route));
    record->attributes[1] = attribute("user.name", text(user));
    record->attributes[2] = attribute("seq", integer(sequence));
    record->attributes[3] = attribute("http.ok", truth(1));
    return record;
}

void bench_protobuf_c(long n)
{
    static unsigned char packed[ROOM];
    for (long i = 0; i < n; i++) {
        Otel__Wire__LogRecord *record = build(i);
        if (otel__wire__log_record__get_packed_size(record) <= ROOM) otel__wire__log_record__pack(record, packed);
        otel__wire__log_record__free_unpacked(record, NULL);
    }
}
