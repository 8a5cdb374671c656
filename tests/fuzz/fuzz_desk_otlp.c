/* The collector desk's decoders and its mapping: whatever comes in, rows are made whose JSON is JSON, or it is refused
 * clearly. The sources are compiled in here: they belong to an example, not to a library. */
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"
#include "collector_desk/rows/dimensions.c"
#include "collector_desk/server/gunzip.c"
#include "collector_desk/rows/level.c"
#include "collector_desk/otlp/otlp.c"
#include "collector_desk/otlp/otlp_json.c"
#include "collector_desk/otlp/otlp_protobuf.c"
#include "collector_desk/rows/role.c"
#include "collector_desk/rows/row.c"
#include "collector_desk/rows/row_context.c"
#include "collector_desk/rows/row_kinds.c"
#include "collector_desk/rows/row_measurements.c"
#include "collector_desk/rows/row_time.c"
#include "collector_desk/store/tables.c"
#include "collector_desk/track/track_json.c"
#include "collector_desk/track/track_time.c"
#include "collector_desk/rows/value_text.c"
#include "collector_desk/otlp/wire.c"

#include <stdlib.h>

#define LIMIT_BYTES ((size_t)8 * 1024 * 1024)

typedef struct fuzz_state {
    otel__json_arena request, record, check;
    desk_row_writer row;
    desk_buffer plain;
} fuzz_state;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
    if (!holds) abort();
}

static const otel__json *parse(fuzz_state *state, desk_text text, otel__json_type type)
{
    otel__json_error error = {0};
    const otel__json *root = otel__json_read(&state->check, text.at, text.size, &error);
    expect(root || strstr(error.words, "memory"));
    expect(!root || root->type == type);
    return root;
}

static void check_dimensions(fuzz_state *state, desk_text text)
{
    const otel__json *root = parse(state, text, OTEL__JSON_OBJECT);
    for (const otel__json *member = root ? root->first : NULL; member; member = member->next)
        expect(member->type == OTEL__JSON_STRING && member->key_size > 0);
}

/* The column that no row of a table may leave empty. */
static const int what_is_said[DESK_TABLES] = {
    [DESK_TRACES] = DESK_TRACE_MESSAGE,
    [DESK_EXCEPTIONS] = DESK_EXCEPTION_OUTER_MESSAGE,
    [DESK_CUSTOM_EVENTS] = DESK_EVENT_NAME,
    [DESK_AVAILABILITY_RESULTS] = DESK_AVAILABILITY_ID,
};

static bool take(void *context, const desk_origin *origin, const desk_record *record, desk_failure *failure)
{
    fuzz_state *state = context;
    desk_row row;
    if (!desk_row_write(&state->row, &state->record, origin, record, &row)) return desk_fail(failure, 413, "memory");
    otel__json_arena_reset(&state->check);
    check_dimensions(state, row.cells[DESK_CUSTOM_DIMENSIONS].as.text);
    if (row.cells[DESK_CUSTOM_MEASUREMENTS].type == DESK_CELL_TEXT)
        parse(state, row.cells[DESK_CUSTOM_MEASUREMENTS].as.text, OTEL__JSON_OBJECT);
    if (row.table == DESK_EXCEPTIONS) parse(state, row.cells[DESK_EXCEPTION_DETAILS].as.text, OTEL__JSON_ARRAY);
    expect(row.cells[DESK_TIMESTAMP].as.text.size == 28);
    expect(row.cells[what_is_said[row.table]].as.text.size > 0);
    expect(row.cells[DESK_CLOUD_ROLE_NAME].as.text.size > 0 && row.cells[DESK_ITEM_COUNT].as.integer > 0);
    return true;
}

/* The first byte chooses: protobuf, JSON, or either behind gzip. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_state state;
    desk_failure failure = {0};
    if (size == 0) return 0;
    otel__json_arena_init(&state.request, LIMIT_BYTES);
    otel__json_arena_init(&state.record, LIMIT_BYTES);
    otel__json_arena_init(&state.check, LIMIT_BYTES);
    desk_text body = {(const char *)data + 1, size - 1};
    desk_decoder decoder = {&state.request, &state.record, take, &state, &failure};
    bool is_json = data[0] & 1, done = true;
    if (data[0] & 2) {
        done = desk_gunzip(body, LIMIT_BYTES, &state.plain, &failure);
        body = desk_buffer_text(&state.plain);
    }
    if (done) done = is_json ? desk_decode_json(&decoder, body) : desk_decode_protobuf(&decoder, body);
    expect(done == (failure.status == 0));
    otel__json_arena_release(&state.request);
    otel__json_arena_release(&state.record);
    otel__json_arena_release(&state.check);
    desk_row_writer_trim(&state.row, 0);
    desk_buffer_release(&state.plain);
    return 0;
}
