/* GLib's log as records: a writer for g_log_set_writer_func. Everything that GLib programs log comes through it,
 * g_warning and g_log too (unless somebody handles their domain with g_log_set_handler).
 *
 *     g_log_set_writer_func(otel_glib_log_writer, NULL, NULL);     once, before the first line, as GLib demands
 *
 *   MESSAGE                            body; newlines at its end go, cut at 8 KiB
 *   level, else PRIORITY               ERROR FATAL, CRITICAL ERROR, WARNING WARN, MESSAGE INFO2, INFO, DEBUG
 *   GLIB_DOMAIN                        the logger's name, for OTEL_C_LOG_LEVELS; "glib" without one
 *   CODE_FILE, CODE_LINE, CODE_FUNC    code.*
 *   other fields                       attributes of the same name: text a string, binary ones (with a length) bytes
 *
 * Link otel-bridge-glib. */
#ifndef OTEL_BRIDGES_GLIB_H
#define OTEL_BRIDGES_GLIB_H
#include <glib.h>
#include <otel/log.h>

OTEL_EXTERN_C_BEGIN
/* Any thread. G_LOG_WRITER_HANDLED; while there is no provider (before otel_start, after otel_stop, SDK switched off)
 * it is g_log_writer_default. Debug messages are not held back by G_MESSAGES_DEBUG. At most 128 fields a record; the
 * rest counts as dropped attributes. errno stays. */
OTEL_API GLogWriterOutput otel_glib_log_writer(GLogLevelFlags level, const GLogField *fields, gsize count,
                                               gpointer unused);
OTEL_EXTERN_C_END
#endif
