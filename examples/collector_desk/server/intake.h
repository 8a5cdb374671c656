/* One request's body: decompressed, decoded, stored whole or not at all. */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H
#include "../store/store.h"
#include "../track/track.h"

typedef struct desk_intake desk_intake;

typedef enum desk_encoding { DESK_PROTOBUF, DESK_JSON, DESK_TRACK } desk_encoding;

typedef struct desk_delivery {
    desk_text body;
    bool is_gzip;
    desk_encoding encoding;
    const desk_orders *orders; /* NULL: none; those for items concern DESK_TRACK */
} desk_delivery;

/* rules must live as long as the intake. NULL: out of memory. */
desk_intake *desk_intake_new(desk_store *store, const desk_track_rules *rules);
void desk_intake_destroy(desk_intake *intake);

/* True: every record is in the database, or of DESK_TRACK those that the answer does not refuse. */
bool desk_intake_take(desk_intake *intake, const desk_delivery *delivery, desk_failure *failure);
/* Of the last delivery of DESK_TRACK. */
const desk_track_answer *desk_intake_answer(const desk_intake *intake);
#endif
