/* A record in the making: its attributes, and what was wrong with the line. */
#ifndef OTEL__BUILDER_H
#define OTEL__BUILDER_H
#include "priority.h"
#include "record.h"

typedef struct otel__builder {
    otel__records *records;
    otel__json_arena *memory;
    otel_log_record *record;
    otel_attr *attributes; /* of the record, to be written */
    const char *complaint; /* NULL: none */
    bool out_of_memory;
} otel__builder;

/* Begins a list of attributes, with room for so many and for what every record gets. false: out of memory. */
bool otel__builder_begin(otel__builder *b, size_t count);
/* Adds what every record gets; an exception only where the record has none by itself. */
void otel__builder_end(otel__builder *b, bool has_exception);

void otel__builder_add(otel__builder *b, otel_attr attribute);
/* The key is text that lives as long as the line. */
void otel__builder_add_json(otel__builder *b, const char *key, uint32_t key_size, const otel__json *json);

/* Keeps the complaint; false, for the caller to return. */
bool otel__builder_refuse(otel__builder *b, const char *complaint);

/* A level of syslog, 0 to 7: the severity, and its name as the severity text. */
void otel__set_level(otel_log_record *record, const otel__level *level);

/* Trace id, span id and trace flags, each of them NULL when it is missing. A record holds both ids or none of them.
 * The answer has a bit for each of the three that did not become part of the record. */
enum { OTEL__LEFT_TRACE_ID = 1, OTEL__LEFT_SPAN_ID = 2, OTEL__LEFT_TRACE_FLAGS = 4 };
unsigned otel__builder_set_span(otel__builder *b, const otel__json *trace_id, const otel__json *span_id,
                                const otel__json *trace_flags);
#endif
