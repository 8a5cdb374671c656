/* An answer while it arrives. */
#ifndef OTEL__ANSWER_H
#define OTEL__ANSWER_H
#include <otel/exporters/http.h>

typedef struct otel__answer {
    char *body; /* its memory is used again */
    size_t size, capacity;
    size_t most; /* bytes of body that are allowed */
    uint32_t most_retry_ms;
    uint32_t status, max_age_s;
    otel_http_fault fault;
    bool too_large, finished;
    char retry_after[64], date[64], location[2048], challenge[1024]; /* "": absent, or longer than is sensible */
    char error[256];
} otel__answer;

void otel__answer_begin(otel__answer *answer);
void otel__answer_end(otel__answer *answer, uint32_t status, otel_http_fault fault, const char *error);
otel_http_response otel__answer_response(const otel__answer *answer);
/* Gives back a buffer that one unusually large body has made large. */
void otel__answer_trim(otel__answer *answer);
void otel__answer_header(otel__answer *answer, const char *line, size_t size);
bool otel__answer_body(otel__answer *answer, const void *data, size_t size);
#endif
