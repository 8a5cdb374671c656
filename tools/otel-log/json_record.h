/* A JSON object as a record. */
#ifndef OTEL__JSON_RECORD_H
#define OTEL__JSON_RECORD_H
#include "builder.h"

/* *logger stays what it is unless the record names a scope. false: out of memory. */
bool otel__json_record_read(otel__builder *b, const otel__json *object, otel_logger **logger);
#endif
