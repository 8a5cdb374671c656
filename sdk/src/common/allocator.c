/* The one place where heap memory comes from. */
#include <otel/sdk/allocator.h>
#include <stdlib.h>
#include <string.h>

static void *default_allocate(size_t size, void *user)
{
    (void)user;
    return malloc(size);
}

static void *default_reallocate(void *p, size_t size, void *user)
{
    (void)user;
    return realloc(p, size);
}

static void default_release(void *p, void *user)
{
    (void)user;
    free(p);
}

static const otel_allocator defaults = {sizeof(otel_allocator), default_allocate, default_reallocate, default_release,
                                        NULL};
static otel_allocator chosen = {sizeof(otel_allocator), default_allocate, default_reallocate, default_release, NULL};

otel_result otel_set_allocator(const otel_allocator *allocator)
{
    if (!allocator) {
        chosen = defaults;
        return OTEL_OK;
    }
    if (allocator->size < sizeof(otel_allocator) || !allocator->allocate || !allocator->reallocate ||
        !allocator->release)
        return OTEL_ERR_ARGUMENT;
    chosen = *allocator;
    return OTEL_OK;
}

void *otel_allocate(size_t size)
{
    void *p = chosen.allocate(size ? size : 1, chosen.user);
    return p ? memset(p, 0, size) : NULL;
}

void *otel_reallocate(void *p, size_t size)
{
    return chosen.reallocate(p, size ? size : 1, chosen.user);
}

void otel_release(void *p)
{
    if (p) chosen.release(p, chosen.user);
}
