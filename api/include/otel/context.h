/* Context: a value of 104 bytes (64-bit). The ids are held by value, so a context copied into a request, a job or
 * another thread stays right when the span ends. The views in it (trace state, baggage, entries) belong to whoever made
 * them and must outlive every copy; a context without them depends on nothing. (Context API) */
#ifndef OTEL_CONTEXT_H
#define OTEL_CONTEXT_H
#include <otel/baggage.h>
#include <otel/span_context.h>

struct otel_provider;
struct otel_log_attributes;

/* A handle with a generation: using an ended span does nothing, it never crashes. Frozen. */
typedef struct otel_span {
    struct otel_provider *provider;
    uint64_t handle;
} otel_span;

/* In the caller's memory, immutable while in use; the key is an address. Frozen. */
typedef struct otel_context_entry {
    const struct otel_context_entry *next;
    const void *key;
    const void *value;
} otel_context_entry;

/* {0} is the empty context. Frozen. */
typedef struct otel_context {
    otel_span_context span_context;
    otel_span span;                                   /* {0}: remote or none */
    const otel_baggage *baggage;                      /* NULL: empty */
    const otel_context_entry *entries;                /* NULL: none */
    const struct otel_log_attributes *log_attributes; /* NULL: none; see otel_log_bind in <otel/log.h> */
    uint64_t otel_private[2];                         /* zero */
} otel_context;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_context) == 104, "frozen");

/* What attach gives and detach takes: in the caller's memory, from the one to the other. Frozen. */
typedef struct otel_context_token {
    otel_context previous;
    uint64_t otel_private[2];
} otel_context_token;
OTEL_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(otel_context_token) == 120, "frozen");

OTEL_EXTERN_C_BEGIN

/* A copy of this thread's current context; all zero when nothing is attached. Signal-safe. (Context API, "Get current")
 */
OTEL_API otel_context otel_context_current(void);

/* Makes a copy of *context current in this thread; the token keeps what was current before. What the context's views
 * point to must live until detach. context NULL: the empty context. Signal-safe when the handler detaches what it
 * attached. (Context API, "Attach") */
OTEL_API void otel_context_attach(const otel_context *context, otel_context_token *token);

/* Restores what was current before the attach that filled the token; same thread, in the reverse order. Out of order it
 * still restores what that attach found and answers false; a token whose outer one was detached already changes nothing
 * and answers false. (Context API, "Detach") */
OTEL_API bool otel_context_detach(const otel_context_token *token);

/* How many detaches were out of order or came twice, of all threads; an SDK says it once, in words. Signal-safe. */
OTEL_API uint64_t otel_context_detach_errors(void);

/* For hosts whose work moves between threads (fibers, coroutines): where the current context of whatever runs now is
 * kept. Both functions are called on the thread that asks, inside log calls too: they must be quick and must not log.
 */
typedef struct otel_context_storage {
    size_t size;                                          /* sizeof(otel_context_storage) */
    const otel_context *(*get)(void *user);               /* NULL: nothing is current; valid until the next set */
    void (*set)(void *user, const otel_context *context); /* keeps a copy; NULL: nothing is current */
    void *user;
} otel_context_storage;
/* NULL: the threads' own again, which is the default. The table must stay. Before contexts are attached. false:
 * incomplete. */
OTEL_API bool otel_context_set_storage(const otel_context_storage *storage);

/* A key made at run time: different from every other, never freed; NULL: there are 4096 already. The name is for
 * people. Keys that are static variables of yours need no call. (Context API, "Create a key") */
OTEL_API const void *otel_context_key_create(const char *name);

/* A context with one more value. *entry is yours, is filled here, and must live as long as the result and its copies.
 * context NULL: starts from the empty one. The key is an address that you own: a static variable. Signal-safe. */
OTEL_API otel_context otel_context_with_entry(const otel_context *context, otel_context_entry *entry, const void *key,
                                              const void *value);

/* The value set last under that key; NULL when there is none. Signal-safe. (Context API, "Get value") */
OTEL_API const void *otel_context_value(const otel_context *context, const void *key);

OTEL_EXTERN_C_END
#endif
