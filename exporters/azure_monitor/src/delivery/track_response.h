/* The body of the service's answer:
 * {"itemsReceived":3,"itemsAccepted":2,"errors":[{"index":1,"statusCode":400,"message":"..."}]} */
#ifndef OTEL__AZURE_TRACK_RESPONSE_H
#define OTEL__AZURE_TRACK_RESPONSE_H
#include <otel/base.h>

struct cJSON;

typedef struct otel__azure_track_response {
    struct cJSON *root, *next;
    uint32_t items;
    bool miscounted; /* it is about another number of items */
} otel__azure_track_response;

/* What an entry of `errors` says of an item. */
typedef struct otel__azure_item_error {
    uint32_t index;      /* of the request's items */
    uint32_t status;     /* 100..999; 0: it cannot be read */
    const char *message; /* as it came; "" */
} otel__azure_item_error;

/* Of a request with so many items. false: it is no such answer; nothing is to be closed. */
bool otel__azure_track_response_open(otel__azure_track_response *response, otel_str body, uint32_t items);
/* The next entry that names an item of the request; others are passed over. Valid until close. */
bool otel__azure_track_response_next(otel__azure_track_response *response, otel__azure_item_error *error);
void otel__azure_track_response_close(otel__azure_track_response *response);
/* What an answer says, for people: the first message, or plain text; cleaned, "" when there is nothing. */
void otel__azure_track_message(otel_str body, char *out, size_t size);
#endif
