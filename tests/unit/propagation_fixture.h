/* Rows of tables for propagators: headers in, the context they make, the headers that come out again. */
#ifndef PROPAGATION_FIXTURE_H
#define PROPAGATION_FIXTURE_H
#include <otel/propagation.h>

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define SPAN "b7ad6b7169203331"
#define PARENT "traceparent:00-" TRACE "-" SPAN "-01"
#define IDS TRACE "-" SPAN

/* Headers "name:value"; the value is all behind the first colon, blanks and line ends too. */
typedef struct header_list {
    const char *const *lines;
    size_t count;
} header_list;
extern const otel_getter list_getter; /* carrier: header_list */

enum { SAID_MAX = 1 << 17 };

/* What a setter was given, in order: "name:value|name:value". */
typedef struct said {
    char text[SAID_MAX];
    size_t size;
} said;
extern const otel_setter said_setter; /* carrier: said */

typedef struct row {
    const char *rule;        /* what decides, for whoever reads a failure */
    const char *propagators; /* as OTEL_PROPAGATORS */
    const char *in[8];       /* ended by NULL */
    const char *ids;         /* "trace-span-flags", a 'd' behind it for debug, a blank and the trace state; "": none */
    const char *baggage;     /* "name=value;metadata,..." decoded; NUL is shown as ^ */
    const char *out;         /* as said */
} row;

/* Extracts into the empty context, injects, compares; says what is wrong with which row and answers false then. */
bool row_holds(const row *r);
bool rows_hold(const row *rows, size_t count);
#define ROWS_HOLD(rows) assert_true(rows_hold(rows, sizeof(rows) / sizeof *(rows)))

/* As in `ids` and `baggage` of a row. */
void context_text(const otel_context *context, char *ids, char *baggage, size_t size);
#endif
