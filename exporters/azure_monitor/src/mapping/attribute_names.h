/* The attributes that mean something to the service: each has a number. */
#ifndef OTEL__AZURE_ATTRIBUTE_NAMES_H
#define OTEL__AZURE_ATTRIBUTE_NAMES_H
#include <otel/base.h>

/* By length: otel__azure_attribute() relies on it. */
#define OTEL__AZURE_NAMES(X)                                                                                           \
    X(USER_ID, "enduser.id")                                                                                           \
    X(SESSION_ID, "session.id")                                                                                        \
    X(OLD_LINE, "code.lineno")                                                                                         \
    X(OLD_FILE, "code.filepath")                                                                                       \
    X(EXCEPTION_TYPE, "exception.type")                                                                                \
    X(CLIENT_ADDRESS, "client.address")                                                                                \
    X(OLD_SAMPLE_RATE, "_MS.sampleRate")                                                                               \
    X(FILE, "code.file.path")                                                                                          \
    X(LINE, "code.line.number")                                                                                        \
    X(EXCEPTION_MESSAGE, "exception.message")                                                                          \
    X(PSEUDO_USER_ID, "enduser.pseudo.id")                                                                             \
    X(OLD_OPERATION_NAME, "ai.operation.name")                                                                         \
    X(CLIENT_IP, "microsoft.client.ip")                                                                                \
    X(USER_AGENT, "user_agent.original")                                                                               \
    X(EXCEPTION_STACK, "exception.stacktrace")                                                                         \
    X(SAMPLE_RATE, "microsoft.sample_rate")                                                                            \
    X(EXECUTABLE_NAME, "process.executable.name")                                                                      \
    X(OPERATION_NAME, "microsoft.operation_name")                                                                      \
    X(SYNTHETIC_TYPE, "user_agent.synthetic.type")                                                                     \
    X(AVAILABILITY_ID, "microsoft.availability.id")                                                                    \
    X(EVENT_NAME, "microsoft.custom_event.name")                                                                       \
    X(AVAILABILITY_NAME, "microsoft.availability.name")                                                                \
    X(MEASUREMENTS, "microsoft.custom_measurements")                                                                   \
    X(AVAILABILITY_SUCCESS, "microsoft.availability.success")                                                          \
    X(AVAILABILITY_MESSAGE, "microsoft.availability.message")                                                          \
    X(AVAILABILITY_DURATION, "microsoft.availability.duration")                                                        \
    X(AVAILABILITY_LOCATION, "microsoft.availability.runLocation")

typedef enum otel__azure_name {
#define X(name, text) OTEL__AZURE_##name,
    OTEL__AZURE_NAMES(X)
#undef X
        OTEL__AZURE_NAME_COUNT
} otel__azure_name;

/* -1: an ordinary attribute. */
int otel__azure_attribute(const char *key, size_t size);
const char *otel__azure_attribute_name(otel__azure_name name);
#endif
