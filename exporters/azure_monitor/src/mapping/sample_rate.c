/* The rate at which records like this one were kept, in percent: the service counts the row 100 / rate times. */
#include "sample_rate.h"

#include "number.h"

/* 100 is the default and is not written; what cannot be a rate stays a dimension. */
static bool take(otel__azure_item *item, otel__azure_name name)
{
    double rate;
    if (!otel__azure_has(item, name) || !otel__azure_number(&item->known[name], &rate)) return false;
    if (!(rate > 0 && rate <= 100)) return false;
    otel__azure_use(item, name);
    otel_value number = otel_double(rate);
    if (rate < 100) item->sample_rate = otel__azure_number_json(item->memory, &number);
    return true;
}

void otel__azure_read_sample_rate(otel__azure_item *item)
{
    if (!take(item, OTEL__AZURE_SAMPLE_RATE)) take(item, OTEL__AZURE_OLD_SAMPLE_RATE);
}
