/* One bad item costs one item; a body of which nobody knows where its items end costs all of it. */
#include "track.h"

#include "track_items.h"

static void put_error(desk_buffer *buffer, size_t index, unsigned status, desk_text message)
{
    if (buffer->size) desk_put_byte(buffer, ',');
    desk_put(buffer, DESK_TEXT("{\"index\":"));
    desk_put_int(buffer, (int64_t)index);
    desk_put(buffer, DESK_TEXT(",\"statusCode\":"));
    desk_put_int(buffer, status);
    desk_put(buffer, DESK_TEXT(",\"message\":"));
    desk_put_json_string(buffer, message);
    desk_put_byte(buffer, '}');
}

static void put_failure(desk_buffer *buffer, size_t index, const desk_failure *failure)
{
    put_error(buffer, index, failure->status, (desk_text){failure->reason, strlen(failure->reason)});
}

/* False: the whole request fails. */
static bool take_item(desk_track *track, desk_text item, desk_track_answer *answer, desk_failure *failure)
{
    desk_row row;
    desk_failure refused = {0};
    if (desk_track_item_read(&track->reader, item, &row, &refused)) {
        if (!track->take(track->context, &row, failure)) return false;
        answer->accepted++;
        return true;
    }
    answer->unknown_keys += track->reader.unknown_key;
    if (refused.status == 503) return desk_fail(failure, 503, "%s", refused.reason);
    put_failure(&answer->errors, answer->received, &refused);
    return true;
}

static bool take_or_refuse(desk_track *track, desk_text item, const desk_orders *orders, desk_track_answer *answer,
                           desk_failure *failure)
{
    unsigned status = orders ? desk_orders_item_status(orders, answer->received) : 0;
    if (status)
        put_error(&answer->errors, answer->received, status, desk_orders_words(status));
    else if (!take_item(track, item, answer, failure))
        return false;
    answer->received++;
    if (answer->errors.failed) return desk_fail(failure, 503, "out of memory");
    return answer->received <= DESK_TRACK_MOST_ITEMS ||
           desk_fail(failure, 413, "a request may have %d items", (int)DESK_TRACK_MOST_ITEMS);
}

bool desk_track_read(desk_track *track, desk_text body, const desk_orders *orders, desk_track_answer *answer,
                     desk_failure *failure)
{
    desk_track_items items = desk_track_items_of(body);
    desk_track_next next;
    desk_text item;
    while ((next = desk_track_items_next(&items, &item)) == DESK_TRACK_ITEM) {
        if (!take_or_refuse(track, item, orders, answer, failure)) return false;
    }
    if (next == DESK_TRACK_BROKEN)
        return desk_fail(failure, 400, "the body is no array of items: byte %zu", (size_t)(items.at - body.at));
    return answer->received || items.ended || desk_fail(failure, 400, "the body is empty");
}

unsigned desk_track_answer_status(const desk_track_answer *answer)
{
    if (answer->received && answer->unknown_keys == answer->received) return 400;
    return answer->accepted < answer->received ? 206 : 200;
}

void desk_track_put_answer(desk_buffer *buffer, const desk_track_answer *answer, const desk_failure *failure)
{
    desk_put(buffer, DESK_TEXT("{\"itemsReceived\":"));
    desk_put_int(buffer, (int64_t)answer->received);
    desk_put(buffer, DESK_TEXT(",\"itemsAccepted\":"));
    desk_put_int(buffer, failure->status ? 0 : (int64_t)answer->accepted);
    desk_put(buffer, DESK_TEXT(",\"appId\":null,\"errors\":["));
    if (failure->status) {
        desk_buffer errors = {0};
        put_failure(&errors, 0, failure);
        desk_put(buffer, desk_buffer_text(&errors));
        buffer->failed |= errors.failed;
        desk_buffer_release(&errors);
    } else {
        desk_put(buffer, desk_buffer_text(&answer->errors));
    }
    desk_put(buffer, DESK_TEXT("]}"));
}
