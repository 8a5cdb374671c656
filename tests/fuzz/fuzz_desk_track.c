/* The collector desk as the Application Insights service: whatever comes in, each item becomes a row whose JSON is
 * JSON, or an error of the answer, and the answer adds up. The sources are compiled in: they belong to an example. */
#include "collector_desk/buffer.c"
#include "collector_desk/desk.c"
#include "collector_desk/rows/dimensions.c"
#include "collector_desk/server/orders.c"
#include "collector_desk/rows/row_context.c"
#include "collector_desk/rows/row_time.c"
#include "collector_desk/store/tables.c"
#include "collector_desk/track/track.c"
#include "collector_desk/track/track_clean.c"
#include "collector_desk/track/track_exception.c"
#include "collector_desk/track/track_fields.c"
#include "collector_desk/track/track_item.c"
#include "collector_desk/track/track_items.c"
#include "collector_desk/track/track_json.c"
#include "collector_desk/track/track_metric.c"
#include "collector_desk/track/track_strict.c"
#include "collector_desk/track/track_time.c"
#include "collector_desk/rows/value_text.c"

#define LIMIT_BYTES ((size_t)8 * 1024 * 1024)

typedef struct fuzz_state {
    desk_track track;
    otel__json_arena check;
    size_t taken;
} fuzz_state;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
    if (!holds) abort();
}

static const otel__json *parse_again(fuzz_state *state, desk_text text, otel__json_type type)
{
    otel__json_error error = {0, ""};
    const otel__json *root = otel__json_read(&state->check, text.at, text.size, &error);
    expect(root || strstr(error.words, "memory") || strstr(error.words, "deep"));
    expect(!root || root->type == type);
    return root;
}

static void check_values(fuzz_state *state, const desk_row *row, int column, otel__json_type type)
{
    const desk_cell *cell = &row->cells[column];
    if (cell->type == DESK_CELL_NULL) return;
    const otel__json *root = parse_again(state, cell->as.text, OTEL__JSON_OBJECT);
    for (const otel__json *member = root ? root->first : NULL; member; member = member->next)
        expect(member->type == type);
}

static void check_cell(const desk_cell *cell)
{
    if (cell->type != DESK_CELL_TEXT) return;
    for (const char *at = cell->as.text.at, *end = at + cell->as.text.size; at < end;) {
        size_t bytes = otel__json_utf8_size(at, end);
        expect(bytes > 0);
        at += bytes;
    }
}

static bool take(void *context, desk_row *row, desk_failure *failure)
{
    fuzz_state *state = context;
    (void)failure;
    expect(row->table < DESK_TABLES);
    for (int i = 0; i < DESK_MOST_COLUMNS; i++) {
        check_cell(&row->cells[i]);
        expect(i < desk_tables[row->table].count || row->cells[i].type == DESK_CELL_NULL);
    }
    otel__json_arena_reset(&state->check);
    check_values(state, row, DESK_CUSTOM_DIMENSIONS, OTEL__JSON_STRING);
    check_values(state, row, DESK_CUSTOM_MEASUREMENTS, OTEL__JSON_NUMBER);
    if (row->table == DESK_EXCEPTIONS) parse_again(state, row->cells[DESK_EXCEPTION_DETAILS].as.text, OTEL__JSON_ARRAY);
    expect(row->cells[DESK_TIMESTAMP].as.text.size == 28 && row->cells[DESK_ITEM_COUNT].as.integer > 0);
    state->taken++;
    return true;
}

static void check_answer(fuzz_state *state, const desk_track_answer *answer, const desk_failure *failure)
{
    desk_buffer body = {0};
    size_t errors = 0;
    desk_track_put_answer(&body, answer, failure);
    otel__json_arena_reset(&state->check);
    const otel__json *root = parse_again(state, desk_buffer_text(&body), OTEL__JSON_OBJECT);
    const otel__json *list = otel__json_get(root, "errors");
    for (const otel__json *error = list ? list->first : NULL; error; error = error->next) errors++;
    expect(!root || failure->status || answer->accepted + errors == answer->received);
    expect(state->taken == answer->accepted);
    desk_buffer_release(&body);
}

/* The first byte chooses the rules. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_state state;
    desk_failure failure = {0};
    desk_track_answer answer = {0};
    if (size == 0) return 0;
    state.taken = 0;
    state.track = (desk_track){.take = take, .context = &state};
    state.track.reader.rules = (desk_track_rules){data[0] & 4 ? "k" : NULL, true, data[0] & 2};
    desk_track_reader_open(&state.track.reader, LIMIT_BYTES);
    otel__json_arena_init(&state.check, LIMIT_BYTES);
    desk_orders orders = {.status = 206, .items = {0, 429}, .item_count = 2};
    desk_text body = {(const char *)data + 1, size - 1};
    bool done = desk_track_read(&state.track, body, data[0] & 8 ? &orders : NULL, &answer, &failure);
    expect(done == (failure.status == 0));
    check_answer(&state, &answer, &failure);
    desk_track_reader_trim(&state.track.reader, 0);
    otel__json_arena_release(&state.check);
    desk_buffer_release(&answer.errors);
    return 0;
}
