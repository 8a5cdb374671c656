/* A record as the service's envelope. */
#include "envelope.h"

#include "budget.h"
#include "built_in.h"
#include "document.h"
#include "truncated.h"
#include <otel/sdk/allocator.h>
#include <string.h>

enum { PRINTER_BYTES = 64 }; /* that cJSON wants beyond what it writes */

struct otel__azure_writer {
    otel__azure_mapping mapping;
    otel__azure_origin origin;
    otel__azure_memory memory;
    otel__azure_dimensions dimensions, measurements;
    otel__azure_item item;
    char page[OTEL__AZURE_ITEM_BYTES + PRINTER_BYTES];
};

otel__azure_writer *otel__azure_writer_new(const otel__azure_mapping *mapping)
{
    otel__azure_writer *writer = otel_allocate(sizeof *writer);
    if (writer) writer->mapping = *mapping;
    return writer;
}

void otel__azure_writer_destroy(otel__azure_writer *writer)
{
    if (!writer) return;
    otel__azure_origin_release(&writer->origin);
    otel__azure_memory_release(&writer->memory);
    otel__azure_dimensions_release(&writer->dimensions);
    otel__azure_dimensions_release(&writer->measurements);
    otel_release(writer);
}

void otel__azure_writer_forget(otel__azure_writer *writer)
{
    writer->origin.made = false;
}

static void begin(otel__azure_writer *writer, const otel_log_record *record, uint64_t sequence)
{
    otel__azure_memory_reset(&writer->memory);
    writer->item = (otel__azure_item){
        .record = record,
        .mapping = &writer->mapping,
        .origin = &writer->origin,
        .memory = &writer->memory,
        .sequence = sequence,
        .dimensions = &writer->dimensions,
        .measurements = &writer->measurements,
    };
}

static size_t write_page(otel__azure_writer *writer)
{
    otel__azure_item *item = &writer->item;
    item->truncated = otel__azure_truncated(item, 0);
    size_t size = otel__azure_write_document(item, writer->page, sizeof writer->page);
    if (size > 0 && size <= OTEL__AZURE_ITEM_BYTES) return size;
    if (item->takes_ready) otel__azure_take_apart(item);
    return otel__azure_write_within_budget(item, writer->page, sizeof writer->page);
}

bool otel__azure_write(otel__azure_writer *writer, const otel_log_record *record, uint64_t sequence,
                       otel__azure_buffer *out, otel_azure_monitor_kind *kind)
{
    if (!otel__azure_origin_make(&writer->origin, record->resource, &writer->mapping)) return false;
    begin(writer, record, sequence);
    otel__azure_item_read(&writer->item);
    *kind = writer->item.kind;
    size_t size = write_page(writer);
    return size && otel__azure_buffer_append(out, writer->page, size);
}
