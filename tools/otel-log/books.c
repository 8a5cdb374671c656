/* The books through the public functions alone: also the description of the JSON that --stats prints. */
#include "books.h"

#include <inttypes.h>

#include <otel/otel.h>

static void print_name(FILE *out, const char *name)
{
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
}

static void print_number(FILE *out, const char *before, const char *name, uint64_t number)
{
    fprintf(out, "%s\"%s\":%" PRIu64, before, name, number);
}

static void print_loss(FILE *out, const otel_export_loss *loss)
{
    fputs("{\"kind\":\"", out);
    print_name(out, loss->kind);
    fputs("\",\"reason\":\"", out);
    print_name(out, loss->reason);
    print_number(out, "\",", "http_status", loss->http_status);
    print_number(out, ",", "count", loss->count);
    fputc('}', out);
}

/* Only an exporter that has lost something has the member. */
static void print_losses(FILE *out, size_t nth)
{
    otel_export_loss losses[64];
    size_t count = otel_provider_pipeline_losses(NULL, nth, losses, 64);
    if (!count) return;
    fputs(",\"losses\":[", out);
    for (size_t i = 0; i < count && i < 64; i++) {
        if (i > 0) fputc(',', out);
        print_loss(out, &losses[i]);
    }
    fputc(']', out);
}

static void print_pipeline(FILE *out, size_t nth, const otel_pipeline_books *books)
{
    fputs("{\"exporter\":\"", out);
    print_name(out, books->exporter);
    print_number(out, "\",", "taken", books->taken);
    print_number(out, ",", "exported", books->exported);
    print_number(out, ",", "rejected", books->rejected);
    fputs(",\"dropped\":", out);
    print_number(out, "{", "queue_full", books->dropped_queue_full);
    print_number(out, ",", "too_large", books->dropped_too_large);
    print_number(out, ",", "retry_exhausted", books->dropped_retry_exhausted);
    print_number(out, ",", "after_stop", books->dropped_after_stop);
    print_number(out, ",", "out_of_memory", books->dropped_out_of_memory);
    print_number(out, ",", "spool_full", books->dropped_spool_full);
    print_number(out, ",", "spool_corrupt", books->dropped_spool_corrupt);
    print_number(out, ",", "fork_child", books->dropped_fork_child);
    print_number(out, "},", "queued", books->queued);
    print_number(out, ",", "spooled", books->spooled);
    print_losses(out, nth);
    fputc('}', out);
}

void otel__books_print(FILE *out, uint64_t malformed)
{
    otel_books books = {0};
    otel_pipeline_books pipeline = {0};
    otel_provider_books(NULL, &books);
    print_number(out, "{", "accepted", books.accepted);
    print_number(out, ",", "filtered", books.filtered);
    print_number(out, ",", "suppressed", books.suppressed);
    print_number(out, ",", "delivered", books.delivered);
    print_number(out, ",", "malformed", malformed);
    fputs(",\"pipelines\":[", out);
    for (size_t i = 0; otel_provider_pipeline_books(NULL, i, &pipeline); i++) {
        if (i > 0) fputc(',', out);
        print_pipeline(out, i, &pipeline);
    }
    fputs("]}\n", out);
    fflush(out);
}

bool otel__books_all_exported(void)
{
    otel_pipeline_books pipeline = {0};
    for (size_t i = 0; otel_provider_pipeline_books(NULL, i, &pipeline); i++) {
        if (pipeline.exported != pipeline.taken) return false;
    }
    return true;
}
