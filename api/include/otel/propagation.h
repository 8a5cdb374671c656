/* Propagators and carriers: how a context crosses a process boundary (Propagators API). Works with no SDK, allocates
 * nothing, and everything here is signal-safe but registering and setting, with 32 KiB of stack. What comes in is
 * checked against the W3C's grammars, what goes out is made anew from what was understood: a hostile header never
 * reaches an outgoing one. */
#ifndef OTEL_PROPAGATION_H
#define OTEL_PROPAGATION_H
#include <otel/context.h>
#include <otel/trace_state.h>

/* Both tables are stateless constants; `carrier` is yours. Appended to, never changed; operations beyond `size` do not
 * exist. */
typedef struct otel_setter {
    size_t size;                                               /* sizeof(otel_setter) */
    void (*set)(void *carrier, otel_str name, otel_str value); /* replaces; value is also NUL-terminated */
} otel_setter;
typedef struct otel_getter {
    size_t size; /* sizeof(otel_getter) */
    /* The nth value of that name, 0 first; false when there are fewer. HTTP carriers ignore the case of names. The view
     * must stay valid until extract returns. */
    bool (*get)(const void *carrier, const char *name, size_t nth, otel_str *value);
    /* The nth name that the carrier holds; false when there are fewer. NULL: this carrier cannot list its names. */
    bool (*keys)(const void *carrier, size_t nth, otel_str *name);
} otel_getter;

/* Where extracted trace state and baggage live: as long as the context. Without one (NULL) only the ids are taken. What
 * finds no room is left out, trace state as a whole, baggage entry by entry, and `truncated` says so. */
typedef struct otel_extract_memory {
    void *buffer;
    size_t capacity;      /* OTEL_EXTRACT_BYTES is room for what every implementation hands on */
    size_t used;          /* 0 at first; a second extract goes on behind the first */
    otel_baggage baggage; /* of the newest extract: its buffer is a part of this one */
    bool truncated;
} otel_extract_memory;
enum { OTEL_EXTRACT_BYTES = 16384 };

/* A propagator: a static table. Appended to, never changed. inject writes what the context holds; extract answers the
 * context plus what the carrier holds, or the context as it was when that is nothing valid. */
typedef struct otel_propagator otel_propagator;
struct otel_propagator {
    size_t size;      /* sizeof(otel_propagator) */
    const char *name; /* for OTEL_PROPAGATORS */
    void (*inject)(const otel_propagator *self, const otel_context *context, const otel_setter *setter, void *carrier);
    otel_context (*extract)(const otel_propagator *self, const otel_context *context, const otel_getter *getter,
                            const void *carrier, otel_extract_memory *memory);
    const char *const *fields; /* the names that inject may set, ended by NULL */
};

OTEL_EXTERN_C_BEGIN

OTEL_API extern const otel_propagator otel_propagator_tracecontext; /* W3C Trace Context, Level 2 */
OTEL_API extern const otel_propagator otel_propagator_baggage;      /* W3C Baggage */
OTEL_API extern const otel_propagator otel_propagator_b3;           /* B3: reads both forms, writes the single header */
OTEL_API extern const otel_propagator otel_propagator_b3multi;      /* B3: reads both forms, writes X-B3-... */
OTEL_API extern const otel_propagator otel_propagator_jaeger;       /* uber-trace-id, uberctx-... */

/* The global propagators, called in this order: copied as pointers, so the tables must stay. At most 16; 0: none, which
 * is the default until otel_start reads OTEL_PROPAGATORS. Any thread, not while others inject or extract. false: too
 * many, or one is NULL or incomplete; nothing has changed then. (Propagators API, "Global Propagators", "Composite") */
OTEL_API bool otel_propagators_set(const otel_propagator *const *list, size_t count);

/* The same by names: "tracecontext,baggage", "none", in any case; spaces are ignored, what comes twice counts once,
 * unknown names are left out. *unknown (may be NULL) is a view of the first such name. false: there was one. */
OTEL_API bool otel_propagators_set_names(const char *names, otel_str *unknown);

/* Makes a propagator known by its name; the table must stay. false: no room, or incomplete. */
OTEL_API bool otel_propagator_register(const otel_propagator *propagator);

/* The nth name that the global propagators may set; NULL: there are fewer. A carrier that is used again is cleared of
 * these first. (Propagators API, "Fields") */
OTEL_API const char *otel_propagators_field(size_t nth);

/* Writes the context (NULL: the current one) into a carrier, by the global propagators. */
OTEL_API void otel_inject(const otel_context *context, const otel_setter *setter, void *carrier);

/* The parent (NULL: the empty context) plus what the carrier holds. Its span context is remote. */
OTEL_API otel_context otel_extract(const otel_context *parent, const otel_getter *getter, const void *carrier,
                                   otel_extract_memory *memory);

/* The same by propagators of your own choice, in this order: a composite without being global. */
OTEL_API void otel_inject_by(const otel_propagator *const *list, size_t count, const otel_context *context,
                             const otel_setter *setter, void *carrier);
OTEL_API otel_context otel_extract_by(const otel_propagator *const *list, size_t count, const otel_context *parent,
                                      const otel_getter *getter, const void *carrier, otel_extract_memory *memory);

/* Carriers that come along. --------------------------------------------------------------------------------------- */

/* Text that a setter makes. What does not fit is left out as a whole, and `truncated` says so. */
typedef struct otel_text_carrier {
    char *buffer;
    size_t capacity;
    size_t size; /* 0 at first; the text ends with a NUL that is not counted */
    bool truncated;
} otel_text_carrier;

/* Lines "name: value" of an HTTP request, without what ends them, as an array of texts. Reading; the case of names does
 * not count, and lines that begin with a blank are none (they would belong to somebody's value). */
typedef struct otel_header_lines {
    const char *const *lines;
    size_t count;
} otel_header_lines;
OTEL_API extern const otel_getter otel_header_lines_getter; /* carrier: otel_header_lines */

/* One text of lines "name: value\r\n": the headers of a message. Setter and getter; reading takes "\n" too. What holds
 * CR, LF or NUL would become another line: it is left out, and `truncated` says so. */
OTEL_API extern const otel_setter otel_header_text_setter; /* carrier: otel_text_carrier */
OTEL_API extern const otel_getter otel_header_text_getter; /* carrier: otel_str */

/* The environment (Propagators API, "Environment Variables as Context Propagation Carriers"): names are normalised,
 * "traceparent" is TRACEPARENT. Read it when the process starts, before anybody changes it. */
OTEL_API extern const otel_getter otel_env_getter; /* carrier: char *const [] ended by NULL; NULL: this process's */
/* Writes "NAME=value\0" each; replaces what it wrote under that name before. A value with a NUL is left out. */
OTEL_API extern const otel_setter otel_env_setter; /* carrier: otel_text_carrier */
/* An environment for execve or posix_spawn: `base` (NULL: this process's, which stays as it is) without the names of
 * the block and, so that no stale context goes on, without the fields of the global propagators; then the block's
 * entries. Pointers into both. Writes at most `capacity` pointers, NULL included, and returns how many are needed. */
OTEL_API size_t otel_env_merge(const otel_text_carrier *block, char *const *base, char **out, size_t capacity);
/* The name that the carrier uses for a field; returns its length, writes at most size - 1 bytes and a NUL. */
OTEL_API size_t otel_env_name(otel_str field, char *out, size_t size);

/* A comment behind an SQL statement: traceparent='00-...',tracestate='a%3D1'. Give it its slashes and stars with
 * otel_sql_comment, which writes the whole, empty when there is nothing to say. Returns the length it has. */
OTEL_API size_t otel_sql_comment(const otel_context *context, char *out, size_t size);

OTEL_EXTERN_C_END
#endif
