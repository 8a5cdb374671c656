/* The logging calls: enter, hand the arguments to the provider as they are, leave. */
#include "attachments.h"
#include "context.h"
#include "slot.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum { FORMATTED_MAX = 2048 };
#define INLINE static inline __attribute__((always_inline))

/* One call into a provider: from open() to close() the provider stays. */
typedef struct visit {
    otel_provider *provider;
    otel__slot *slot;
    uint64_t mark;
    int *error;
    int saved;
    bool nested; /* the thread is inside already, or a handler interrupted it there, or it is suppressed */
    bool marked; /* the mark is ours: also of a suppressed thread, which has a provider to count that at */
} visit;

static otel_provider *provider_of(const otel_logger *logger)
{
    otel_provider *named = logger->provider;
    if (OTEL_UNLIKELY(named != NULL)) return otel__attached(named) ? named : NULL;
    return atomic_load_explicit(&otel__global, memory_order_acquire);
}

INLINE bool inside(const otel__slot *slot)
{
    return slot && atomic_load_explicit(&slot->inside, memory_order_relaxed);
}

INLINE bool busy(const otel__slot *slot)
{
    return slot && (atomic_load_explicit(&slot->inside, memory_order_relaxed) |
                    atomic_load_explicit(&slot->suppress, memory_order_relaxed));
}

INLINE bool open_visit(visit *v, const otel_logger *logger)
{
    if (OTEL_UNLIKELY(!logger || !atomic_load_explicit(&otel__marks, memory_order_relaxed))) return false;
    v->error = &errno;
    v->saved = *v->error;
    v->slot = otel__slot_mine();
    v->nested = busy(v->slot);
    v->marked = !inside(v->slot);
    v->mark = v->marked ? otel__mark_enter(v->slot) : 0;
    v->provider = provider_of(logger);
    return true;
}

INLINE void close_visit(const visit *v)
{
    if (v->marked) otel__mark_leave(v->slot, v->mark);
    *v->error = v->saved;
}

/* What protects the provider is this call's mark, the outer call's, or, when a handler interrupted that on its way in
 * or out, the shield. */
static void refuse(const visit *v, const otel_logger *logger)
{
    bool shield = !v->marked && otel__mark_shield(v->slot);
    otel_provider *provider = provider_of(logger);
    if (provider && provider->ops->suppressed) provider->ops->suppressed(provider);
    if (shield) otel__mark_unshield(v->slot);
}

static const otel_context *current(const visit *v)
{
    return otel__context_here(v->slot);
}

static __attribute__((noinline)) void log_oddly(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                                                otel_value body, const otel_attr *attributes, size_t count)
{
    visit v;
    if (!open_visit(&v, logger)) return;
    if (OTEL_UNLIKELY(v.nested))
        refuse(&v, logger);
    else if (v.provider)
        v.provider->ops->log(v.provider, logger, current(&v), site, severity, body, attributes, count);
    close_visit(&v);
}

/* Every log call pays for what is here, so the usual thread, which has a slot, is not inside and keeps its context by
 * itself, has it to itself. */
void otel_logger_log(otel_logger *logger, const otel_log_site *site, otel_severity severity, otel_value body,
                     const otel_attr *attributes, size_t count)
{
    if (OTEL_UNLIKELY(!logger || !atomic_load_explicit(&otel__marks, memory_order_relaxed))) return;
    int *error = &errno, saved = *error;
    otel__slot *slot = otel__slot_mine();
    const void *host = atomic_load_explicit(&otel__context_storage, memory_order_relaxed);
    if (OTEL_UNLIKELY(!slot || busy(slot) || host)) {
        *error = saved;
        log_oddly(logger, site, severity, body, attributes, count);
        return;
    }
    uint64_t mark = otel__mark_enter(slot);
    otel_provider *provider = provider_of(logger);
    const otel_context *context = slot->attached ? &slot->context : NULL;
    if (provider) provider->ops->log(provider, logger, context, site, severity, body, attributes, count);
    otel__mark_leave(slot, mark);
    *error = saved;
}

void otel_logger_emit(otel_logger *logger, const otel_log_record *record)
{
    visit v;
    if (!record || !open_visit(&v, logger)) return;
    if (OTEL_UNLIKELY(v.nested))
        refuse(&v, logger);
    else if (v.provider)
        v.provider->ops->log_emit(v.provider, logger, current(&v), record);
    close_visit(&v);
}

bool otel_logger_enabled_in(otel_logger *logger, otel_severity severity, const otel_context *context)
{
    visit v;
    if (OTEL_SEVERITY_RANK(severity) < OTEL_P_LOAD(otel_log_gate[0])) return false;
    if (!open_visit(&v, logger)) return false;
    bool wanted = v.provider != NULL; /* nested: yes, so that the call that follows is counted as suppressed */
    if (wanted && !v.nested)
        wanted = v.provider->ops->log_enabled(v.provider, logger, severity, context ? context : current(&v));
    close_visit(&v);
    return wanted;
}

bool otel_logger_enabled(otel_logger *logger, otel_severity severity)
{
    return otel_logger_enabled_in(logger, severity, NULL);
}

/* What vsnprintf cut may end in half a character. */
static size_t whole_characters(const char *text, size_t size)
{
    size_t start = size;
    while (start > 0 && size - start < 4 && ((unsigned char)text[start - 1] & 0xc0) == 0x80) start--;
    if (start == 0) return size;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    return size - (start - 1) < need ? start - 1 : size;
}

static size_t count_until_end(const otel_attr *attributes)
{
    size_t n = 0;
    while (attributes && attributes[n].value.type != OTEL_TYPE_END) n++;
    return n;
}

/* The caller's errno is what %m means. */
void otel_logger_vlogf(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                       const otel_attr *attributes, const char *format, va_list arguments)
{
    char text[FORMATTED_MAX + 1];
    if (!format || OTEL_SEVERITY_RANK(severity) < OTEL_P_LOAD(otel_log_gate[0])) return;
    int saved = errno;
    int n = vsnprintf(text, sizeof text, format, arguments);
    errno = saved;
    size_t size = n < 0 ? 0 : n > FORMATTED_MAX ? whole_characters(text, FORMATTED_MAX) : (size_t)n;
    otel_logger_log(logger, site, severity, otel_stringn(text, size), attributes, count_until_end(attributes));
}

void otel_logger_logf(otel_logger *logger, const otel_log_site *site, otel_severity severity, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_logger_vlogf(logger, site, severity, NULL, format, arguments);
    va_end(arguments);
}

void otel_logger_logf_attrs(otel_logger *logger, const otel_log_site *site, otel_severity severity,
                            const otel_attr *attributes, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    otel_logger_vlogf(logger, site, severity, attributes, format, arguments);
    va_end(arguments);
}

void otel_suppress_begin(void)
{
    otel__slot *slot = otel__slot_mine();
    if (slot) atomic_store_explicit(&slot->suppress, slot->suppress + 1, memory_order_relaxed);
}

void otel_suppress_end(void)
{
    otel__slot *slot = otel__slot_mine();
    if (slot && slot->suppress) atomic_store_explicit(&slot->suppress, slot->suppress - 1, memory_order_relaxed);
}

/* The thread stays "inside" for its own signal handlers, but nobody waits for its mark. */
uint64_t otel_provider_step_out(void)
{
    otel__slot *slot = otel__slot_mine();
    if (!slot || !atomic_load_explicit(&slot->inside, memory_order_relaxed)) return 0;
    return otel__mark_pause(slot);
}

void otel_provider_step_in(uint64_t mark)
{
    otel__slot *slot = otel__slot_mine();
    if (slot && mark) otel__mark_resume(slot);
}
