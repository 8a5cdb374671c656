/* A log record as both decoders hand it on: views into the request's body or memory, valid until the sink returns. */
#ifndef DESK_MODEL_H
#define DESK_MODEL_H
#include "../desk.h"

typedef enum desk_kind {
    DESK_EMPTY = 0,
    DESK_STRING,
    DESK_BOOL,
    DESK_INT,
    DESK_DOUBLE,
    DESK_BYTES,
    DESK_ARRAY,
    DESK_MAP
} desk_kind;

struct desk_attribute;
struct desk_value;

typedef struct desk_attributes {
    const struct desk_attribute *at;
    size_t count;
} desk_attributes;

typedef struct desk_values {
    const struct desk_value *at;
    size_t count;
} desk_values;

typedef struct desk_value {
    desk_kind kind;
    union {
        desk_text text; /* of strings and bytes */
        bool boolean;
        int64_t integer;
        double number;
        desk_values array;
        desk_attributes map;
    } as;
} desk_value;

typedef struct desk_attribute {
    desk_text key;
    desk_value value;
} desk_attribute;

/* Who logged: shared by all records of one ScopeLogs. */
typedef struct desk_origin {
    desk_attributes resource;
    desk_text scope_name;
    desk_text scope_version;
    desk_attributes scope;
    desk_text role_name;     /* cloud_RoleName */
    desk_text role_instance; /* cloud_RoleInstance */
    desk_text application_version;
    desk_text sdk_version;
    desk_text client_model;
} desk_origin;

typedef struct desk_record {
    uint64_t time_unix_nano;
    uint64_t observed_unix_nano;
    int64_t severity;
    desk_text severity_text;
    desk_text event_name;
    desk_value body;
    desk_attributes attributes;
    uint64_t dropped_attributes;
    uint8_t trace_id[16]; /* all zero: none */
    uint8_t span_id[8];
} desk_record;

/* The last attribute of that name that holds a text with at least one byte; {NULL, 0} without. */
desk_text desk_attributes_text(desk_attributes attributes, desk_text key);
#endif
