/* The current context of a thread, kept in its slot. */
#include "slot.h"

static const otel_context empty;

otel_context otel_context_current(void)
{
    const otel__slot *slot = otel__slot_mine();
    return slot && slot->attached ? slot->context : empty;
}

void otel_context_attach(const otel_context *context, otel_context_token *token)
{
    otel__slot *slot = otel__slot_mine();
    if (!token) return;
    *token = (otel_context_token){.previous = slot ? slot->context : empty};
    if (!slot) return;
    token->otel_private[0] = ++slot->serial;
    token->otel_private[1] = slot->attached;
    slot->context = context ? *context : empty;
    slot->attached = slot->serial;
}

/* A token newer than what is attached was taken off together with an outer one. */
bool otel_context_detach(const otel_context_token *token)
{
    otel__slot *slot = otel__slot_mine();
    uint64_t number = token ? token->otel_private[0] : 0;
    if (!slot || !number || number > slot->attached || (number > slot->dead_from && number <= slot->dead_to))
        return false;
    bool in_order = number == slot->attached;
    if (!in_order) {
        slot->dead_from = number;
        slot->dead_to = slot->serial;
    }
    slot->context = token->previous;
    slot->attached = token->otel_private[1];
    return in_order;
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
