/* Every variable of every list has an effect: what the rows of test_variables.c and its siblings share. */
#ifndef VARIABLES_FIXTURE_H
#define VARIABLES_FIXTURE_H
#include <stddef.h>
#include <stdint.h>

/* One variable. `observe` runs in a child: it does what the variable is about and calls seen(). */
typedef struct variables_row {
    const char *name, *value;
    const char *without, *with; /* what is seen when it is unset, or empty, or ignored; when it has the value */
    const char *wrong;          /* a value that is said and ignored; NULL: there is none */
    const char *complaint;      /* what is said then, once; NULL: the name */
    const char *wrong_is;       /* what is seen then; NULL: as without */
    void (*observe)(void);
} variables_row;

extern uint32_t variables_environment; /* OTEL_ENV_...: for the options of a provider that an observer makes */
void seen(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A test for each row, and one that rows and lists are the same. `listed` are the names of the lists. */
int variables_run(const variables_row *rows, size_t count, const char *const *listed, size_t listed_count);
#endif
