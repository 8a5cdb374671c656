/* The current context of a thread, kept in its slot; or of whatever else runs, kept by the host. */
#include "context.h"
#include "slot.h"

/* In otel_private of what is attached in a host's storage: the number of the attach, and that of the one around it. Of
 * a token: the number, and whether there was anything around it. */
enum { KEYS_MAX = 4096, SERIAL = 0, OUTER = 1 };

static const otel_context empty;
static _Atomic uint64_t detach_errors;
_Atomic(const otel_context_storage *) otel__context_storage;

uint64_t otel_context_detach_errors(void)
{
    return atomic_load_explicit(&detach_errors, memory_order_relaxed);
}

bool otel_context_set_storage(const otel_context_storage *s)
{
    if (s && (s->size < sizeof *s || !s->get || !s->set)) return false;
    atomic_store(&otel__context_storage, s);
    return true;
}

const otel_context *otel__context_here(const otel__slot *slot)
{
    const otel_context_storage *s = atomic_load_explicit(&otel__context_storage, memory_order_acquire);
    if (OTEL_UNLIKELY(s != NULL)) return s->get(s->user);
    return slot && slot->attached ? &slot->context : NULL;
}

otel_context otel_context_current(void)
{
    const otel_context *current = otel__context_here(otel__slot_mine());
    otel_context copy = current ? *current : empty;
    copy.otel_private[SERIAL] = copy.otel_private[OUTER] = 0;
    return copy;
}

/* In a host's storage the number of the attach travels with the context itself. */
static void attach_there(const otel_context_storage *s, const otel_context *context, otel_context_token *token)
{
    static _Atomic uint64_t serial;
    const otel_context *before = s->get(s->user);
    otel_context now = context ? *context : empty;
    *token = (otel_context_token){.previous = before ? *before : empty};
    token->otel_private[SERIAL] = atomic_fetch_add(&serial, 1) + 1;
    token->otel_private[OUTER] = before != NULL;
    now.otel_private[SERIAL] = token->otel_private[SERIAL];
    now.otel_private[OUTER] = token->previous.otel_private[SERIAL];
    s->set(s->user, &now);
}

static bool detach_there(const otel_context_storage *s, const otel_context_token *token)
{
    const otel_context *now = s->get(s->user);
    uint64_t number = token->otel_private[SERIAL];
    if (!number || !now || now->otel_private[SERIAL] < number) return false; /* taken off with an outer one */
    if (now->otel_private[SERIAL] > number && now->otel_private[OUTER] < number)
        return false; /* before this one came */
    bool in_order = now->otel_private[SERIAL] == number;
    s->set(s->user, token->otel_private[OUTER] ? &token->previous : NULL);
    return in_order;
}

static void attach_here(otel__slot *slot, const otel_context *context, otel_context_token *token)
{
    *token = (otel_context_token){.previous = slot ? slot->context : empty};
    if (!slot) return;
    token->otel_private[0] = ++slot->serial;
    token->otel_private[1] = slot->attached;
    slot->context = context ? *context : empty;
    slot->attached = slot->serial;
}

void otel_context_attach(const otel_context *context, otel_context_token *token)
{
    const otel_context_storage *s = atomic_load_explicit(&otel__context_storage, memory_order_acquire);
    if (!token) return;
    if (s)
        attach_there(s, context, token);
    else
        attach_here(otel__slot_mine(), context, token);
}

/* A token newer than what is attached was taken off together with an outer one. */
static bool detach_here(otel__slot *slot, const otel_context_token *token)
{
    uint64_t number = token->otel_private[0];
    if (!slot || !number || number > slot->attached || (number >= slot->dead_from && number <= slot->dead_to))
        return false;
    bool in_order = number == slot->attached;
    if (number < slot->dead_from || number > slot->dead_to + 1) slot->dead_from = number;
    slot->dead_to = slot->serial;
    slot->context = token->previous;
    slot->attached = token->otel_private[1];
    return in_order;
}

bool otel_context_detach(const otel_context_token *token)
{
    const otel_context_storage *s = atomic_load_explicit(&otel__context_storage, memory_order_acquire);
    bool in_order = token && (s ? detach_there(s, token) : detach_here(otel__slot_mine(), token));
    if (token && !in_order) atomic_fetch_add_explicit(&detach_errors, 1, memory_order_relaxed);
    return in_order;
}

/* Addresses of ours, so that no other copy of this library hands out the same. */
const void *otel_context_key_create(const char *name)
{
    static char keys[KEYS_MAX];
    static _Atomic uint32_t count;
    (void)name;
    uint32_t n = atomic_fetch_add(&count, 1);
    if (n < KEYS_MAX) return &keys[n];
    atomic_store(&count, KEYS_MAX);
    return NULL;
}

otel_context otel_context_with_entry(const otel_context *context, otel_context_entry *entry, const void *key,
                                     const void *value)
{
    otel_context with = context ? *context : empty;
    if (!entry) return with;
    *entry = (otel_context_entry){with.entries, key, value};
    with.entries = entry;
    return with;
}

const void *otel_context_value(const otel_context *context, const void *key)
{
    for (const otel_context_entry *e = context ? context->entries : NULL; e; e = e->next)
        if (e->key == key) return e->value;
    return NULL;
}
