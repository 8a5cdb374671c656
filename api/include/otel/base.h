/* Words that every other header uses: linkage, results, string views. Drags in three freestanding headers only.
 *
 * Rules that hold for every function of every header of this library, unless the function says otherwise:
 *   - Pointers you pass are borrowed for the call; what the library keeps, it copies.
 *   - NULL is tolerated: the call does nothing, or answers "no".
 *   - No call changes errno, aborts, or touches signals, locale, umask or the environment.
 *   - Functions of <otel/...> (the API) may be called from any thread; those of <otel/sdk/...> say who may call them.
 *   - "Signal-safe" means: may be called in a signal handler, whatever the handler interrupted. */
#ifndef OTEL_BASE_H
#define OTEL_BASE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OTEL_API_VERSION 1u /* grows when something is added; nothing is ever removed under one soname */

#ifdef __cplusplus
#define OTEL_EXTERN_C_BEGIN extern "C" {
#define OTEL_EXTERN_C_END }
#define OTEL_NULL nullptr
#define OTEL_CAST(type, x) static_cast<type>(x)
#define OTEL_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define OTEL_EXTERN_C_BEGIN
#define OTEL_EXTERN_C_END
#define OTEL_NULL NULL
#define OTEL_CAST(type, x) ((type)(x))
#define OTEL_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif
/* C99 inline: the libraries hold one real copy of each (there the words below become `extern inline`), so that another
 * language can call it and a header of yours may use it inside its own inline functions. */
#ifndef OTEL_INLINE
#define OTEL_INLINE inline
#endif
#ifndef OTEL_SDK_INLINE
#define OTEL_SDK_INLINE inline
#endif

#if defined(__GNUC__)
#define OTEL_API __attribute__((visibility("default")))
#define OTEL_PRINTF(text, arguments) __attribute__((format(printf, text, arguments)))
#define OTEL_UNLIKELY(x) __builtin_expect(!!(x), 0)
#else
#define OTEL_API
#define OTEL_PRINTF(text, arguments)
#define OTEL_UNLIKELY(x) (x)
#endif

/* What set-up functions answer. Fixed width instead of an enum type: other languages must agree on the size. */
typedef int32_t otel_result;
enum {
    OTEL_OK = 0,
    OTEL_ERR_ARGUMENT = -1, /* a required argument is missing or makes no sense */
    OTEL_ERR_NO_MEMORY = -2,
    OTEL_ERR_TIMEOUT = -3, /* the deadline came first; what that means is said at each function */
    OTEL_ERR_ALREADY = -4, /* somebody else has started the global provider: do not stop it */
    OTEL_ERR_CONFIG = -5,  /* a setting cannot be used; the diag handler has said which and why */
    OTEL_ERR_SYSTEM = -6,  /* the operating system refused something that is needed */
    OTEL_ERR_UNSUPPORTED = -7
};

/* A view of bytes, not NUL-terminated. {NULL, 0} is absent. Frozen. */
typedef struct otel_str {
    const char *data;
    size_t size;
} otel_str;

OTEL_EXTERN_C_BEGIN
/* The version of the API library that is loaded, "MAJOR.MINOR.PATCH"; the headers' own is OTEL_SDK_VERSION of
 * <otel/sdk/sdk.h>. Static text. Signal-safe. */
OTEL_API const char *otel_version(void);
OTEL_EXTERN_C_END

#endif
