/* What the service's answers mean. */
#ifndef OTEL__AZURE_STATUS_H
#define OTEL__AZURE_STATUS_H
#include <otel/base.h>

typedef enum otel__azure_action {
    OTEL__AZURE_DONE,      /* it was taken */
    OTEL__AZURE_PARTIAL,   /* of a request: item by item, in the body */
    OTEL__AZURE_SAMPLED,   /* of an item: taken, and left out by the service's own sampling */
    OTEL__AZURE_LATER,     /* the same again, after a while */
    OTEL__AZURE_SIGN,      /* the token was not accepted */
    OTEL__AZURE_QUOTA,     /* nothing at all until the quota is filled again */
    OTEL__AZURE_REDIRECT,  /* somewhere else */
    OTEL__AZURE_TOO_LARGE, /* less at a time */
    OTEL__AZURE_BAD,       /* something in it is not right */
    OTEL__AZURE_REJECT,    /* never */
    OTEL__AZURE_UNCLEAR    /* of an item: it says nothing that can be read */
} otel__azure_action;

/* Of a request; 0: no answer came. */
otel__azure_action otel__azure_action_of(uint32_t status);
/* Of an item in the body of a 206. */
otel__azure_action otel__azure_item_action(uint32_t status, const char *message);
/* What whoever runs the program could do about it; "" when there is nothing to say. */
const char *otel__azure_status_advice(uint32_t status);
/* The service does not know the key: its words are in the text. */
bool otel__azure_unknown_key(otel_str text);
#endif
