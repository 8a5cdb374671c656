/* Memory is kept from request to request; a large request's is given back after it. */
#include "intake.h"

#include <stdlib.h>

#include "gunzip.h"
#include "../otlp/otlp.h"

enum { KEPT_BYTES = 4 * 1024 * 1024 };
#define ARENA_BYTES ((size_t)512 * 1024 * 1024)

struct desk_intake {
    desk_store *store;
    otel__json_arena request, record;
    desk_row_writer row;
    desk_track track;
    desk_track_answer answer;
    desk_buffer plain;
    bool in_transaction;
};

static bool insert(desk_intake *intake, desk_row *row, desk_failure *failure)
{
    if (!intake->in_transaction && !desk_store_begin(intake->store, failure)) return false;
    intake->in_transaction = true;
    return desk_store_insert(intake->store, row, failure);
}

/* The transaction begins with the first record, so that garbage does not wait for a lock. */
static bool take_record(void *context, const desk_origin *origin, const desk_record *record, desk_failure *failure)
{
    desk_intake *intake = context;
    desk_row row;
    if (!desk_row_write(&intake->row, &intake->record, origin, record, &row))
        return desk_fail(failure, 413, "the record needs more memory than is allowed");
    return insert(intake, &row, failure);
}

static bool take_item(void *context, desk_row *row, desk_failure *failure)
{
    return insert(context, row, failure);
}

desk_intake *desk_intake_new(desk_store *store, const desk_track_rules *rules)
{
    desk_intake *intake = calloc(1, sizeof *intake);
    if (!intake) return NULL;
    intake->store = store;
    otel__json_arena_init(&intake->request, ARENA_BYTES);
    otel__json_arena_init(&intake->record, ARENA_BYTES);
    desk_track_reader_open(&intake->track.reader, ARENA_BYTES);
    intake->track.reader.rules = *rules;
    intake->track.take = take_item;
    intake->track.context = intake;
    return intake;
}

static void give_back(otel__json_arena *arena)
{
    otel__json_arena_reset(arena);
    if (arena->total > KEPT_BYTES) otel__json_arena_release(arena);
}

static void tidy(desk_intake *intake)
{
    give_back(&intake->request);
    give_back(&intake->record);
    desk_row_writer_trim(&intake->row, KEPT_BYTES);
    desk_track_reader_trim(&intake->track.reader, KEPT_BYTES);
    desk_buffer_trim(&intake->plain, KEPT_BYTES);
}

void desk_intake_destroy(desk_intake *intake)
{
    if (!intake) return;
    desk_row_writer_trim(&intake->row, 0);
    desk_track_reader_trim(&intake->track.reader, 0);
    desk_buffer_release(&intake->answer.errors);
    desk_buffer_release(&intake->plain);
    otel__json_arena_release(&intake->request);
    otel__json_arena_release(&intake->record);
    free(intake);
}

static bool decode(desk_intake *intake, const desk_delivery *delivery, desk_text body, desk_failure *failure)
{
    desk_decoder decoder = {&intake->request, &intake->record, take_record, intake, failure};
    switch (delivery->encoding) {
    case DESK_TRACK:
        return desk_track_read(&intake->track, body, delivery->orders, &intake->answer, failure);
    case DESK_JSON:
        return desk_decode_json(&decoder, body);
    case DESK_PROTOBUF:
        break;
    }
    return desk_decode_protobuf(&decoder, body);
}

bool desk_intake_take(desk_intake *intake, const desk_delivery *delivery, desk_failure *failure)
{
    intake->in_transaction = false;
    intake->answer = (desk_track_answer){.errors = intake->answer.errors};
    desk_buffer_clear(&intake->answer.errors);
    desk_text body = delivery->body;
    bool taken = true;
    if (delivery->is_gzip) {
        taken = desk_gunzip(body, DESK_MAX_BODY_BYTES, &intake->plain, failure);
        body = desk_buffer_text(&intake->plain);
    }
    taken = taken && decode(intake, delivery, body, failure);
    if (taken && intake->in_transaction) taken = desk_store_commit(intake->store, failure);
    if (!taken && intake->in_transaction) desk_store_rollback(intake->store);
    tidy(intake);
    return taken;
}

const desk_track_answer *desk_intake_answer(const desk_intake *intake)
{
    return &intake->answer;
}
