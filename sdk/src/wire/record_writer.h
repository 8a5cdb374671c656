/* One log record as an OTLP LogRecord, framed as field 2 of ScopeLogs: otel__record_size() first, exactly, then
 * otel__record_write() in place. record_short.h has the short way, which nearly all records take, record_general.c the
 * other. DESIGN.md tells why both look as they do. */
#ifndef OTEL__WIRE_RECORD_WRITER_H
#define OTEL__WIRE_RECORD_WRITER_H
#include "writer.h"
#include <otel/log.h>

enum {
    OTEL__RECORD_PLANNED = 128, /* attributes whose kinds are carried; more are for the general way */
    OTEL__RECORD_TOO_LARGE = OTEL__WIRE_TOO_LARGE
};

/* The record as views. Limits are for attributes, not for the body; keys are not compared. */
typedef struct otel__record_input {
    uint64_t time, observed;
    const otel_log_site *site; /* NULL: no code.* attributes */
    const otel_attr *attributes;
    uint32_t count;
    otel_severity severity;
    otel_value body;
    otel_str severity_text; /* absent: short name */
    otel_str event_name;
    const otel_span_context *span_context; /* NULL: none */
    uint32_t dropped_attribute_count;
    uint32_t value_length_limit; /* UINT32_MAX: none */
    uint32_t depth_limit;        /* 64 is also the most */
} otel__record_input;

typedef struct otel__record_severity otel__record_severity;

/* What sizing found out, for writing; on the stack, not initialised. */
typedef struct otel__record_plan {
    uint32_t total, content;                       /* framed, and without the frame */
    uint32_t general;                              /* not the short way */
    const otel__record_severity *severity;         /* short way only */
    uint8_t attribute_kinds[OTEL__RECORD_PLANNED]; /* general way only, as is the next */
    otel__wire_lengths nested;
} otel__record_plan;

/* Bytes that the record takes; OTEL__RECORD_TOO_LARGE: too many, do not write it. */
uint32_t otel__record_size(const otel__record_input *input, otel__record_plan *plan);
/* Writes exactly as many at `at`, and nothing outside. The input must not have changed in between. */
void otel__record_write(uint8_t *at, const otel__record_input *input, const otel__record_plan *plan);
#endif
