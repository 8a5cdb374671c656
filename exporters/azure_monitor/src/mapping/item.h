/* A record on its way to an envelope: everything as texts, cut to the limits of single fields. */
#ifndef OTEL__AZURE_ITEM_H
#define OTEL__AZURE_ITEM_H
#include "attribute_names.h"
#include "json_nodes.h"
#include "origin.h"
#include "time_text.h"
#include "value_text.h"

enum { OTEL__AZURE_TAGS = OTEL__AZURE_ORIGIN_TAGS + 9 };

/* Texts beside the custom dimensions; what a kind has none of is absent. */
typedef enum otel__azure_field {
    OTEL__AZURE_MESSAGE_FIELD,
    OTEL__AZURE_STACK_FIELD,
    OTEL__AZURE_TYPE_FIELD,
    OTEL__AZURE_NAME_FIELD,
    OTEL__AZURE_ID_FIELD,
    OTEL__AZURE_LOCATION_FIELD,
    OTEL__AZURE_FIELDS
} otel__azure_field;

typedef struct otel__azure_item {
    /* What it is made of, and with. */
    const otel_log_record *record;
    const otel__azure_mapping *mapping;
    const otel__azure_origin *origin;
    otel__azure_memory *memory;
    uint64_t sequence;
    otel_value known[OTEL__AZURE_NAME_COUNT]; /* attributes that mean something */
    uint64_t present, used;                   /* a bit each: there is one; it is something else now than a dimension */

    otel_azure_monitor_kind kind;
    char time[OTEL__AZURE_TIME_BYTES];
    int level;               /* the service's; -1: none */
    const char *sample_rate; /* a number as text; NULL: all are here */
    otel__azure_tag tags[OTEL__AZURE_TAGS];
    uint32_t tag_count;
    otel__azure_text fields[OTEL__AZURE_FIELDS];
    const char *field_names[OTEL__AZURE_FIELDS]; /* what the program calls them */
    const char *duration;
    bool success;
    otel__azure_text problem;
    otel__azure_dimensions *dimensions;
    uint32_t ours, ours_end;              /* which of them are the record's body, severity, place, scope */
    otel__azure_dimensions *measurements; /* values are numbers in JSON */
    bool takes_ready;                     /* the resource's dimensions come behind them, as they are */
    uint64_t dropped;                     /* attributes, by whomever */
    const char *truncated;                /* what was cut, as JSON; NULL: nothing */
} otel__azure_item;

/* Fills in all that follows from the record; what stands above `kind` is given. Out of memory: memory->failed. */
void otel__azure_item_read(otel__azure_item *item);

/* For those who read parts of it. */
bool otel__azure_has(const otel__azure_item *item, otel__azure_name name);
/* Present, and not the empty text. */
bool otel__azure_says(const otel__azure_item *item, otel__azure_name name);
void otel__azure_use(otel__azure_item *item, otel__azure_name name);
otel__azure_text otel__azure_known_text(const otel__azure_item *item, otel__azure_name name, size_t units);
void otel__azure_set_field(otel__azure_item *item, otel__azure_field field, const char *name, otel__azure_text text);
/* From an attribute, which is used up. */
void otel__azure_take_field(otel__azure_item *item, otel__azure_field field, otel__azure_name name, size_t units);
/* A custom dimension of ours, when the record has none of that key, which is borrowed. */
bool otel__azure_offer(otel__azure_item *item, const char *key, otel__azure_text value);
#endif
