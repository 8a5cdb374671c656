/* Redaction of whatever a record may hold: what it finds is gone, nothing is read outside, and what it does not find
 * stays. The expressions are ours: they come from whoever writes the program. */
#include "redaction.h"
#include "wire/reader.h"
#include <otel/sdk/log_record.h>
#include <stdlib.h>
#include <string.h>

static void require(bool condition)
{
    if (!condition) abort();
}

static const char *const expressions[] = {"[0-9]{4}", "secret", "^.", "a+b*", "(^|[^0-9])4[0-9]{3,15}", "\\<", "[^a]$"};
enum { EXPRESSIONS = sizeof expressions / sizeof *expressions };
static otel__redaction redactions[EXPRESSIONS];

static void compile_all(void)
{
    char words[128];
    for (int i = 0; i < EXPRESSIONS && !redactions[i].expression; i++) {
        redactions[i] = (otel__redaction){NULL, expressions[i], NULL, otel_string("***")};
        require(!otel__redaction_compile(&redactions[i], words));
    }
}

static bool contains(const otel_value *value, const char *needle)
{
    size_t size = strlen(needle);
    for (size_t i = 0; i + size <= value->size; i++)
        if (memcmp(value->u.string + i, needle, size) == 0) return true;
    return false;
}

/* A word that is replaced by something without its letters is nowhere any more. */
static void text(const otel__redaction *r, const char *bytes, size_t size)
{
    otel__scratch scratch;
    otel_attr attr = OTEL_STRN("key", bytes, size), before = attr;
    otel__scratch_init(&scratch);
    bool changed = otel__redact_attr(r, &scratch, &attr);
    require(!scratch.failed);
    require(changed || memcmp(&attr, &before, sizeof attr) == 0);
    if (r == &redactions[1]) require(!contains(&attr.value, "secret") && changed == contains(&before.value, "secret"));
    otel__scratch_free(&scratch);
}

/* The same bytes as an encoded map, as a clone has it. */
static void encoded(const otel__redaction *r, const uint8_t *bytes, size_t size)
{
    otel__scratch scratch;
    otel_value value;
    char json[256];
    if (!otel__wire_read_value(bytes, size, &value)) return;
    otel__redaction by_key = {"k*", NULL, NULL, otel_string("***")};
    otel__scratch_init(&scratch);
    otel__redact_value(r, &scratch, &value);
    otel_value_json(&value, json, sizeof json);
    otel__redact_value(&by_key, &scratch, &value);
    otel_value_json(&value, json, sizeof json);
    require(!scratch.failed);
    otel__scratch_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 2048) return 0;
    compile_all();
    const otel__redaction *r = &redactions[data[0] % EXPRESSIONS];
    char *exact = malloc(size); /* so that a read behind it is seen */
    memcpy(exact, data + 1, size - 1);
    text(r, exact, size - 1);
    encoded(r, (const uint8_t *)exact, size - 1);
    free(exact);
    return 0;
}
