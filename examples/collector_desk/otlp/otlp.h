/* The two encodings of an OTLP request for logs, decoded record by record into a sink. */
#ifndef DESK_OTLP_H
#define DESK_OTLP_H
#include "../../../tools/json_reader/json_reader.h"
#include "model.h"

/* Arrays and maps inside one another; what lies deeper is stored as null. */
enum { DESK_MAX_DEPTH = 64 };

typedef struct desk_decoder {
    otel__json_arena *request; /* lives until the request is answered */
    otel__json_arena *record;  /* emptied for each record */
    bool (*take)(void *context, const desk_origin *origin, const desk_record *record, desk_failure *failure);
    void *context;
    desk_failure *failure;
} desk_decoder;

/* An ExportLogsServiceRequest. False: *failure says why; the sink may have been given records, which must be undone. */
bool desk_decode_protobuf(desk_decoder *decoder, desk_text body);
bool desk_decode_json(desk_decoder *decoder, desk_text body);

/* Memory from an arena, or NULL and the failure noted. count is checked against overflow. */
void *desk_take_memory(desk_decoder *decoder, otel__json_arena *arena, size_t count, size_t size);
#endif
