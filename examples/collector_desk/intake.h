/* One request's body: decompressed, decoded, stored whole or not at all. */
#ifndef DESK_INTAKE_H
#define DESK_INTAKE_H
#include "store.h"

typedef struct desk_intake desk_intake;

/* NULL: out of memory. */
desk_intake *desk_intake_new(desk_store *store);
void desk_intake_destroy(desk_intake *intake);

/* True: every record is in the database. */
bool desk_intake_take(desk_intake *intake, desk_text body, bool is_gzip, bool is_json, desk_failure *failure);
#endif
