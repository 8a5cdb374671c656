/* From OTEL_LOGS_EXPORTER to processors: each name an exporter, each exporter the processor that suits it. */
#include "batch_processor.h"
#include "common/diag.h"
#include "common/registry.h"
#include "common/variables.h"
#include "processor.h"
#include "provider.h"
#include <string.h>
#include <strings.h>

/* Who wins: the operator, unless the program turned that round. */
static const char *names(const otel_options *o)
{
    const char *environment = otel_env_text(otel__env.OTEL_LOGS_EXPORTER.name), *code = o->logs_exporter;
    if (code && !*code) code = NULL;
    if (o->environment == OTEL_CODE_WINS) return code ? code : environment;
    return environment ? environment : code;
}

static bool exports_by_itself(otel_log_processor *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (otel__processor_exports(list[i]) || otel__processor_flags(list[i]) & OTEL_PROCESSOR_EXPORTS) return true;
    return false;
}

static otel_log_processor *wrap(otel_log_exporter *exporter, const otel_options *o)
{
    uint64_t wait_ms;
    bool code_decides = o->environment == OTEL_CODE_WINS && o->wait_for_room_ms;
    otel_batch_options batch = {.wait_for_room_ms = o->wait_for_room_ms};
    if (exporter->ops->flags & OTEL_EXPORTER_SIMPLE) return otel_simple_log_processor_new(exporter);
    if (!code_decides && otel_env_read(&otel__env.OTEL_C_BLRP_WAIT_MS, &wait_ms))
        batch.wait_for_room_ms = wait_ms ? (uint32_t)wait_ms : OTEL_ZERO;
    if (o->run == OTEL_RUN_HOST && batch.wait_for_room_ms && batch.wait_for_room_ms != OTEL_ZERO) {
        otel_diag(OTEL_SEVERITY_WARN, "provider",
                  "waiting for room is not possible without a thread: a full queue drops");
        batch.wait_for_room_ms = OTEL_ZERO;
    }
    return otel_batch_log_processor_new(exporter, &batch);
}

static void unknown(const char *name, size_t size)
{
    char known[512];
    otel__registry_names(known, sizeof known);
    otel_diag(OTEL_SEVERITY_WARN, "provider", "there is no exporter \"%.*s\", it is left out; there are: %s",
              (int)(size < 64 ? size : 64), name, known);
}

static bool add(otel_log_processor **list, size_t *count, size_t room, const char *name, size_t size,
                const otel_options *o)
{
    bool known;
    if (size == 4 && strncasecmp(name, "none", 4) == 0) return true;
    uint32_t errors = otel__diag_errors();
    otel_log_exporter *exporter = otel__registry_create(name, size, &known);
    if (!known)
        unknown(name, size);
    else if (!exporter && otel__diag_errors() == errors) /* it has not said why */
        otel_diag(OTEL_SEVERITY_ERROR, "provider", "exporter %.*s could not be made, it is left out", (int)size, name);
    if (!exporter) return true;
    if (*count == room) {
        otel_diag(OTEL_SEVERITY_WARN, "provider", "too many exporters, %.*s is left out", (int)size, name);
        otel_log_exporter_destroy(exporter);
        return true;
    }
    otel_log_processor *p = wrap(exporter, o);
    if (p)
        list[(*count)++] = p;
    else
        otel_diag(OTEL_SEVERITY_ERROR, "provider", "there is no memory for exporter %.*s", (int)size, name);
    return p != NULL;
}

static bool named_before(const char *list, const char *name, size_t size)
{
    for (const char *at = list; at < name;) {
        size_t n = strcspn(at, ",");
        size_t lead = strspn(at, " \t");
        if (at + lead < name && n >= lead + size && strncasecmp(at + lead, name, size) == 0 &&
            strspn(at + lead + size, " \t") == n - lead - size)
            return true;
        at += n + 1;
    }
    return false;
}

static bool add_all(otel_log_processor **list, size_t *count, size_t room, const char *text, const otel_options *o)
{
    for (const char *at = text; *at;) {
        at += strspn(at, ", \t");
        size_t n = strcspn(at, ","), size = n;
        while (size && (at[size - 1] == ' ' || at[size - 1] == '\t')) size--;
        if (size && !named_before(text, at, size) && !add(list, count, room, at, size, o)) return false;
        at += n;
    }
    return true;
}

bool otel__provider_choose(otel_log_processor **list, size_t *count, size_t room, const otel_options *o)
{
    if (exports_by_itself(list, *count)) {
        const char *variable = otel__env.OTEL_LOGS_EXPORTER.name;
        if (otel_env_text(variable))
            otel_diag(OTEL_SEVERITY_WARN, "provider", "%s is ignored: the program exports by itself", variable);
        return true;
    }
    const char *text = names(o);
    if (!text && otel__registry_has("otlp")) text = "otlp";
    return !text || add_all(list, count, room, text, o);
}
