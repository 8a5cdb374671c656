/* GLib's fields as a record. */
#include <otel/bridges/glib.h>
#include "domain.h"
#include <errno.h>
#include <otel/bridges/logf.h>
#include <otel/provider.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIELDS_MAX = 128 };

typedef struct line {
    const char *domain, *priority;
    const char *file, *function;
    int number;
    otel_str text;
    uint32_t count, left_out;
    otel_attr attributes[FIELDS_MAX];
} line;

typedef struct level {
    otel_severity severity;
    const char *name;
} level;

static level level_of_flags(GLogLevelFlags flags)
{
    if (flags & G_LOG_LEVEL_ERROR) return (level){OTEL_SEVERITY_FATAL, "ERROR"}; /* GLib ends the process after it */
    if (flags & G_LOG_LEVEL_CRITICAL) return (level){OTEL_SEVERITY_ERROR, "CRITICAL"};
    if (flags & G_LOG_LEVEL_WARNING) return (level){OTEL_SEVERITY_WARN, "WARNING"};
    if (flags & G_LOG_LEVEL_MESSAGE) return (level){OTEL_SEVERITY_INFO2, "MESSAGE"};
    if (flags & G_LOG_LEVEL_INFO) return (level){OTEL_SEVERITY_INFO, "INFO"};
    if (flags & G_LOG_LEVEL_DEBUG) return (level){OTEL_SEVERITY_DEBUG, "DEBUG"};
    return (level){OTEL_SEVERITY_UNSPECIFIED, NULL};
}

/* Levels of the program's own have a PRIORITY at most, a digit of syslog's. */
static level level_of_priority(const char *priority)
{
    static const level levels[] = {
        {OTEL_SEVERITY_FATAL, "emerg"}, {OTEL_SEVERITY_ERROR3, "alert"}, {OTEL_SEVERITY_ERROR2, "crit"},
        {OTEL_SEVERITY_ERROR, "err"},   {OTEL_SEVERITY_WARN, "warning"}, {OTEL_SEVERITY_INFO2, "notice"},
        {OTEL_SEVERITY_INFO, "info"},   {OTEL_SEVERITY_DEBUG, "debug"},
    };
    if (!priority || *priority < '0' || *priority > '7' || priority[1]) return (level){OTEL_SEVERITY_INFO, NULL};
    return levels[*priority - '0'];
}

static bool is(const GLogField *field, const char *key)
{
    return strcmp(field->key, key) == 0;
}

static size_t size_of(const GLogField *field)
{
    return field->length < 0 ? strlen(field->value) : (size_t)field->length;
}

static void add_attribute(line *l, const GLogField *field)
{
    if (l->count == FIELDS_MAX) {
        l->left_out++;
        return;
    }
    otel_value value =
        field->length < 0 ? otel_stringn(field->value, size_of(field)) : otel_bytes(field->value, size_of(field));
    l->attributes[l->count++] = otel_attr_of(field->key, value);
}

/* The fields with a meaning are text by GLib's documentation; one that is binary stays an attribute. */
static bool add_known(line *l, const GLogField *field)
{
    if (is(field, "MESSAGE"))
        l->text = otel_bridge_text(field->value, size_of(field));
    else if (field->length >= 0)
        return false;
    else if (is(field, "GLIB_DOMAIN"))
        l->domain = field->value;
    else if (is(field, "PRIORITY"))
        l->priority = field->value;
    else if (is(field, "CODE_FILE"))
        l->file = field->value;
    else if (is(field, "CODE_FUNC"))
        l->function = field->value;
    else if (is(field, "CODE_LINE"))
        l->number = (int)strtol(field->value, NULL, 10);
    else
        return is(field, "GLIB_OLD_LOG_API"); /* how the line came here is nobody's business */
    return true;
}

static void read_fields(line *l, const GLogField *fields, gsize count)
{
    l->domain = l->priority = l->file = l->function = NULL;
    l->number = 0;
    l->text = (otel_str){NULL, 0};
    l->count = l->left_out = 0;
    for (gsize i = 0; i < count; i++)
        if (fields[i].key && fields[i].value && !add_known(l, &fields[i])) add_attribute(l, &fields[i]);
}

static uint64_t now_unix_nano(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void emit(line *l, GLogLevelFlags flags)
{
    level severity = level_of_flags(flags);
    if (!severity.name) severity = level_of_priority(l->priority);
    const char *domain = l->domain && *l->domain ? l->domain : "glib";
    otel_logger unlisted = OTEL_LOGGER_INIT(domain, NULL); /* for this call alone: slower, as good */
    otel_logger *logger = otel__glib_domain_logger(domain);
    if (!logger) logger = &unlisted;
    if (!otel_log_wanted(logger, severity.severity)) return;
    otel_log_site site = otel_bridge_site(l->file, l->number, l->function);
    otel_log_record record = {.size = sizeof record,
                              .severity = severity.severity,
                              .time_unix_nano = now_unix_nano(),
                              .body = otel_stringn(l->text.data, l->text.size),
                              .severity_text = {severity.name, otel_size_of(severity.name)},
                              .attributes = l->attributes,
                              .attribute_count = l->count,
                              .dropped_attribute_count = l->left_out,
                              .site = &site};
    otel_logger_emit(logger, &record);
}

GLogWriterOutput otel_glib_log_writer(GLogLevelFlags flags, const GLogField *fields, gsize count, gpointer unused)
{
    line l;
    int saved = errno;
    if (!otel_provider_global()) return g_log_writer_default(flags, fields, count, unused);
    read_fields(&l, fields, fields ? count : 0);
    emit(&l, flags);
    errno = saved;
    return G_LOG_WRITER_HANDLED;
}
